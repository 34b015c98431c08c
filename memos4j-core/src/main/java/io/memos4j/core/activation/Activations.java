package io.memos4j.core.activation;

import io.memos4j.api.Activation;
import io.memos4j.api.Activation.Tier;
import io.memos4j.api.ChatRequest;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Message;
import io.memos4j.api.Role;
import io.memos4j.core.Answering;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.ActivationSource;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.StoredActivation;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Activation memory: what stands at the beginning of prompts, its computed form, and the model that answers with it. Thread-safe. */
public final class Activations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Activations.class);

    private static final int MOST_WAITING = 64;

    private final Vault vault;
    private final InstantSource clock;
    private final ActivationFiles files;
    private final Optional<Answers> answers;
    private final Optional<Local> local;
    /** What is prepared is a hint: where there is too much of it the oldest is left out. */
    private final ExecutorService later = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("memos4j-activation").daemon().factory(),
            new ThreadPoolExecutor.DiscardOldestPolicy());

    /** What only a model of our own has. */
    private record Local(ActivationRuntime runtime, PrefixCache cache, ActivationStore store, LocalAnswers answers) {}

    /** What a conversation is given beside what was said: adapters, and what is recalled. */
    public record Given(Applied applied, Recall recall) {}

    /** Finds what helps to answer. */
    @FunctionalInterface
    public interface Recall {
        /** What was recalled, rendered; empty for nothing. The asker has what is {@code known} before them. */
        String of(Set<ItemId> known);
    }

    /**
     * Opens the activation memory of a vault. Without a model it only erases what has lost its source.
     *
     * @param folder where files lie
     */
    public Activations(Vault vault, Path folder, Optional<Answering> answering, InstantSource clock) {
        this.vault = vault;
        this.clock = clock;
        this.files = new ActivationFiles(vault, folder);
        this.local = answering
                .filter(Answering.Local.class::isInstance)
                .map(Answering.Local.class::cast)
                .map(this::opened);
        this.answers = answering.map(how -> switch (how) {
            case Answering.Provider provider -> new ProviderAnswers(provider.model());
            case Answering.Local own -> local.orElseThrow().answers;
        });
    }

    private Local opened(Answering.Local own) {
        ActivationRuntime runtime = own.runtime();
        PrefixCache cache = new PrefixCache(runtime, own.quota().memoryBytes(), this::isCurrent);
        ActivationStore store = new ActivationStore(vault, files, runtime, own.quota());
        return new Local(runtime, cache, store, new LocalAnswers(runtime, cache, store, clock));
    }

    /** Answers a conversation with the memory of some cubes. */
    public Answer answer(List<CubeRow> cubes, ChatRequest request, Given given, Predicate<String> sink) {
        Answers model = answers.orElseThrow(() -> new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "No model is configured to answer. Give memos4j one with --model FILE.gguf, --runtime-url URL, or --model NAME and"
                        + " --model-url URL; in Java, open the engine with MemOsConfig.withAnswering(…)."));
        List<Message> messages = request.messages();
        String instructions = messages.stream()
                .takeWhile(message -> message.role() == Role.SYSTEM)
                .map(Message::text)
                .collect(Collectors.joining("\n\n"));
        List<ChatTurn> history = messages.subList(0, messages.size() - 1).stream()
                .dropWhile(message -> message.role() == Role.SYSTEM)
                .map(message -> new ChatTurn(message.role(), message.text()))
                .toList();
        Beginning beginning = beginning(cubes);
        String memories = given.recall.of(beginning.items());
        Talk talk = new Talk(
                cubes.stream().map(CubeRow::key).toList(),
                request.session(),
                instructions,
                beginning,
                history,
                memories,
                messages.getLast().text(),
                given.applied);
        Answer answer = model.answer(talk, request, sink);
        if (request.reuse()) {
            later(() -> model.prepare(talk.answered(answer.text())));
        }
        return answer;
    }

    private Beginning beginning(List<CubeRow> cubes) {
        return vault.read(reader -> Beginning.of(reader, cubes, clock.instant()));
    }

    /** What is done when nobody waits; without it the next answer takes longer and nothing else changes. */
    private void later(Runnable work) {
        later.execute(() -> {
            try {
                work.run();
            } catch (MemoryException e) {
                LOG.info("Nothing was prepared for the next question: {}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.warn("Preparing for the next question failed.", e);
            }
        });
    }

    /** Waits until everything was prepared that was begun; false if the time was up before that. */
    public boolean settle(Duration timeout) {
        try {
            later.submit(() -> {}).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("Nothing that is submitted fails.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Waiting for prepared prompts was interrupted.", e);
        }
    }

    /** Computes the beginning of the prompts of some cubes and writes it to its files. */
    public void compile(List<CubeRow> cubes) {
        Talk talk = new Talk(
                cubes.stream().map(CubeRow::key).toList(), "", "", beginning(cubes), List.of(), "", "", Applied.NONE);
        required().answers.compile(talk);
    }

    /** The computed beginnings that belong to a cube: those with a file in order of time, then those without. */
    public List<Activation> list(CubeKey cube) {
        Map<String, PrefixCache.Held> held = new LinkedHashMap<>();
        local.ifPresent(mine -> mine.cache.held().stream()
                .filter(each -> belongs(each, cube))
                .forEach(each -> held.put(mine.store.name(each.tokens()), each)));
        return vault.read(reader -> {
            List<Activation> all = new ArrayList<>();
            for (StoredActivation each : reader.activations().of(cube)) {
                List<Tier> tiers = Optional.ofNullable(held.remove(each.file()))
                        .map(PrefixCache.Held::tiers)
                        .orElse(List.of());
                all.add(shown(reader, each, tiers));
            }
            local.ifPresent(mine -> held.forEach((name, each) -> all.add(shown(reader, mine, name, each))));
            return all;
        });
    }

    /** What has no part of any cube in it is everybody's. */
    private static boolean belongs(PrefixCache.Held held, CubeKey cube) {
        return held.lineage().owner().equals(cube) && !held.lineage().cubes().isEmpty();
    }

    private static Activation shown(VaultReader reader, StoredActivation stored, List<Tier> faster) {
        List<Tier> tiers = new ArrayList<>(faster);
        tiers.add(Tier.DISK);
        return new Activation(
                stored.file(),
                tiers,
                stored.fit().model(),
                stored.fit().caches(),
                stored.fit().runtime(),
                stored.tokens(),
                stored.bytes(),
                stored.prefill(),
                stored.usedAt(),
                stored.uses(),
                sources(reader, stored.sources()));
    }

    private static Activation shown(VaultReader reader, Local local, String name, PrefixCache.Held held) {
        StoredActivation.Fit fit = local.store.fit();
        int tokens = held.tokens().length;
        return new Activation(
                name,
                held.tiers(),
                fit.model(),
                fit.caches(),
                fit.runtime(),
                tokens,
                0,
                local.answers.speed().of(tokens),
                held.usedAt(),
                held.uses(),
                sources(reader, held.lineage().sources()));
    }

    private static List<Activation.Source> sources(VaultReader reader, List<ActivationSource> sources) {
        return sources.stream()
                .flatMap(source -> reader.cube(source.cube()).stream()
                        .map(cube -> new Activation.Source(cube.id(), source.item(), source.version())))
                .toList();
    }

    /** Erases a computed beginning of a cube; false if there is none. */
    public boolean drop(CubeKey cube, String id) {
        boolean found = local.map(mine -> forget(mine, cube, id)).orElse(false);
        if (files.known().stream()
                .anyMatch(each -> each.cube() == cube && each.file().equals(id))) {
            files.drop(cube, id);
            found = true;
        }
        return found;
    }

    private static boolean forget(Local mine, CubeKey cube, String id) {
        boolean found = false;
        for (PrefixCache.Held each : mine.cache.held()) {
            if (belongs(each, cube) && mine.store.name(each.tokens()).equals(id)) {
                mine.cache.forget(each.lineage()::equals);
                found = true;
            }
        }
        return found;
    }

    /** Forgets what was computed with an adapter. */
    public void forget(String adapterHash) {
        local.ifPresent(mine -> mine.cache.forget(lineage -> lineage.mix().contains(adapterHash)));
    }

    /** What is to be done after a write: what comes from something that it changed or erased is erased, bytes included. */
    public Optional<Runnable> after(VaultWriter writer) {
        Set<CubeKey> changed = writer.activations().changed();
        Set<CubeKey> erased = writer.activations().erased();
        return changed.isEmpty() ? Optional.empty() : Optional.of(() -> erase(changed, erased));
    }

    private void erase(Set<CubeKey> changed, Set<CubeKey> erased) {
        local.filter(mine -> mine.cache.cubes().stream().anyMatch(changed::contains))
                .ifPresent(mine -> mine.cache.forget(lineage -> isDead(lineage, changed, erased)));
        if (files.touches(changed)) {
            files.sweep();
        }
    }

    private boolean isDead(Lineage lineage, Set<CubeKey> changed, Set<CubeKey> erased) {
        boolean said = lineage.conversation() && lineage.cubes().stream().anyMatch(erased::contains);
        return said
                || lineage.sources().stream().anyMatch(source -> changed.contains(source.cube()))
                        && !isCurrent(lineage);
    }

    private boolean isCurrent(Lineage lineage) {
        return lineage.sources().isEmpty()
                || vault.<Boolean>read(reader ->
                        lineage.sources().stream()
                                .collect(Collectors.groupingBy(ActivationSource::cube))
                                .entrySet()
                                .stream()
                                .allMatch(cube -> areCurrent(reader, cube.getKey(), cube.getValue())));
    }

    private static boolean areCurrent(VaultReader reader, CubeKey cube, List<ActivationSource> sources) {
        Map<ItemId, Integer> versions =
                reader.items(cube, sources.stream().map(ActivationSource::item).toList()).stream()
                        .collect(Collectors.toMap(item -> item.id(), item -> item.version(), (a, b) -> a));
        return sources.stream().allMatch(source -> versions.getOrDefault(source.item(), -1) == source.version());
    }

    /** Bytes that a token of a computed beginning takes; 0 for a provider's model. */
    long bytesPerToken() {
        return local.map(mine -> mine.runtime
                        .model()
                        .shape()
                        .bytesPerToken(mine.runtime.capabilities().inUse()))
                .orElse(0L);
    }

    /** What computing so many tokens takes; zero if that is not known. */
    Duration prefill(double tokens) {
        return local.map(mine -> mine.answers.speed().of(tokens)).orElse(Duration.ZERO);
    }

    /** Whether the model is ours to compute beginnings with. */
    boolean isLocal() {
        return local.isPresent();
    }

    /** Whether there is a model. */
    public boolean answers() {
        return answers.isPresent();
    }

    private Local required() {
        return local.orElseThrow(
                () -> new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "No activation runtime is configured, and a provider's model keeps beginnings itself. Give memos4j --model FILE.gguf or"
                                + " --runtime-url URL; in Java, open the engine with MemOsConfig.withAnswering(new Answering.Local(…))."));
    }

    @Override
    public void close() {
        later.shutdownNow();
        answers.ifPresent(Answers::close);
        later.close();
    }
}
