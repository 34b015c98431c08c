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
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.StoredActivation;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Activation memory: what stands at the beginning of prompts, its computed form, and the model that answers with it. Thread-safe. */
public final class Activations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Activations.class);

    private final Vault vault;
    private final InstantSource clock;
    private final Answers answers;
    private final Optional<Local> local;
    private final ExecutorService later = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("memos4j-activation").daemon().factory());

    /** What only a model of our own has. */
    private record Local(ActivationRuntime runtime, PrefixCache cache, ActivationStore store, LocalAnswers answers) {}

    /** Finds what helps to answer. */
    @FunctionalInterface
    public interface Recall {
        /** What was recalled, rendered; empty for nothing. The asker has what is {@code known} before them. */
        String of(Set<ItemId> known);
    }

    /**
     * Opens the activation memory of a vault.
     *
     * @param folder where files lie
     */
    public Activations(Vault vault, Path folder, Answering answering, InstantSource clock) {
        this.vault = vault;
        this.clock = clock;
        switch (answering) {
            case Answering.Provider provider -> {
                this.answers = new ProviderAnswers(provider.model());
                this.local = Optional.empty();
            }
            case Answering.Local own -> {
                PrefixCache cache = new PrefixCache(own.runtime(), own.quota().memoryBytes());
                ActivationStore store = new ActivationStore(vault, folder, own.runtime(), own.quota());
                LocalAnswers made = new LocalAnswers(own.runtime(), cache, store, this::isCurrent, clock);
                this.answers = made;
                this.local = Optional.of(new Local(own.runtime(), cache, store, made));
            }
        }
    }

    /** Answers a conversation with the memory of some cubes. */
    public Answer answer(List<CubeRow> cubes, ChatRequest request, Recall recall, Predicate<String> sink) {
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
        String memories = recall.of(beginning.items());
        Talk talk = new Talk(
                cubes.stream().map(CubeRow::key).toList(),
                request.session(),
                instructions,
                beginning,
                history,
                memories,
                messages.getLast().text());
        Answer answer = answers.answer(talk, request, sink);
        if (request.reuse()) {
            later(() -> answers.prepare(talk.answered(answer.text())));
        }
        return answer;
    }

    private Beginning beginning(List<CubeRow> cubes) {
        return vault.read(reader -> Beginning.of(reader, cubes, clock.instant()));
    }

    /** What is done when nobody waits; without it the next answer takes longer and nothing else changes. */
    private void later(Runnable work) {
        try {
            later.execute(() -> {
                try {
                    work.run();
                } catch (MemoryException e) {
                    LOG.info("Nothing was prepared for the next question: {}", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.warn("Preparing for the next question failed.", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("Nothing is prepared while closing.", e);
        }
    }

    /** Waits until everything was prepared that was begun. */
    public void settle() {
        try {
            later.submit(() -> {}).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Waiting for prepared prompts was interrupted.", e);
        }
    }

    /** Computes the beginning of the prompts of some cubes and writes it to its files. */
    public void compile(List<CubeRow> cubes) {
        Talk talk = new Talk(cubes.stream().map(CubeRow::key).toList(), "", "", beginning(cubes), List.of(), "", "");
        required().answers.compile(talk);
    }

    /** The computed beginnings that belong to a cube, in order of time; those of conversations last. */
    public List<Activation> list(long cube) {
        Local mine = required();
        Map<String, List<Tier>> tiers = new HashMap<>();
        List<Activation> unsaved = new ArrayList<>();
        List<PrefixCache.Held> held = mine.cache.held();
        return vault.read(reader -> {
            List<StoredActivation> stored = reader.activations().of(cube);
            Set<String> files = stored.stream().map(StoredActivation::file).collect(Collectors.toSet());
            for (PrefixCache.Held each : held) {
                String name = mine.store.name(each.tokens());
                if (files.contains(name)) {
                    tiers.put(name, each.tiers());
                } else if (each.lineage().owner() == cube) {
                    unsaved.add(shown(reader, mine, name, each));
                }
            }
            List<Activation> all = new ArrayList<>(stored.stream()
                    .map(each -> shown(reader, each, tiers.getOrDefault(each.file(), List.of())))
                    .toList());
            all.addAll(unsaved);
            return all;
        });
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
    public boolean drop(long cube, String id) {
        Local mine = required();
        boolean found = false;
        for (PrefixCache.Held each : mine.cache.held()) {
            if (each.lineage().owner() == cube && mine.store.name(each.tokens()).equals(id)) {
                mine.cache.forget(each.lineage()::equals);
                found = true;
            }
        }
        if (mine.store.known().stream()
                .anyMatch(each -> each.cube() == cube && each.file().equals(id))) {
            mine.store.drop(cube, id);
            found = true;
        }
        return found;
    }

    /** What is to be done after a write: what comes from something that it changed or erased is erased, bytes included. */
    public Optional<Runnable> after(VaultWriter writer) {
        Set<Long> changed = writer.activations().changed();
        Set<Long> erased = writer.activations().erased();
        return changed.isEmpty() ? Optional.empty() : local.map(mine -> () -> erase(mine, changed, erased));
    }

    private void erase(Local mine, Set<Long> changed, Set<Long> erased) {
        if (mine.cache.cubes().stream().anyMatch(changed::contains)) {
            mine.cache.forget(lineage ->
                    lineage.conversation() && lineage.cubes().stream().anyMatch(erased::contains)
                            || lineage.sources().stream().anyMatch(source -> changed.contains(source.cube()))
                                    && !isCurrent(lineage));
        }
        if (mine.store.touches(changed)) {
            mine.store.sweep();
        }
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

    private static boolean areCurrent(VaultReader reader, long cube, List<ActivationSource> sources) {
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

    private Local required() {
        return local.orElseThrow(() -> new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "No activation runtime is configured: a provider's model keeps beginnings itself. Open the engine with"
                        + " MemOsConfig.withAnswering(new Answering.Local(…))."));
    }

    @Override
    public void close() {
        later.shutdownNow();
        answers.close();
    }
}
