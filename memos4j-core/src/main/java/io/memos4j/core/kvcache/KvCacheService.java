package io.memos4j.core.kvcache;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.api.kvcache.KvCacheEntry.Tier;
import io.memos4j.core.ChatConfig;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.kvcache.ActivationSource;
import io.memos4j.spi.kvcache.StoredActivation;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers chats with a model and keeps the KV caches of their prompt prefixes.
 *
 * <p>Without a model it only deletes the caches whose sources have changed. Thread-safe.
 */
public final class KvCacheService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KvCacheService.class);

    private static final int MAX_WAITING = 64;

    private final Vault vault;
    private final Predicate<CubeId> owned;
    private final InstantSource clock;
    private final KvCacheFiles files;
    private final Optional<ChatAnswerer> answers;
    private final Optional<OpenModel> local;
    /** Preparing the next prompt is optional: when the queue is full, the oldest task is dropped. */
    private final ExecutorService background = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().name("memos4j-activation").daemon().factory(),
            new ThreadPoolExecutor.DiscardOldestPolicy());

    /** The parts that only a local model has. */
    private record OpenModel(
            ActivationRuntime runtime, PrefixCache cache, DiskPrefixCache store, LocalChatAnswerer answers) {}

    /**
     * @param folder directory of the KV cache files
     * @param owned whether the caller owns a cube; only then its standing instructions are in the caller's prompts
     */
    public KvCacheService(
            Vault vault, Path folder, Optional<ChatConfig> chat, Predicate<CubeId> owned, InstantSource clock) {
        this.vault = vault;
        this.owned = owned;
        this.clock = clock;
        this.files = new KvCacheFiles(vault, folder);
        this.local = chat.filter(ChatConfig.LocalModel.class::isInstance)
                .map(ChatConfig.LocalModel.class::cast)
                .map(this::openLocalModel);
        this.answers = chat.map(each -> switch (each) {
            case ChatConfig.ProviderModel provider -> new ProviderChatAnswerer(provider.model());
            case ChatConfig.LocalModel own -> local.orElseThrow().answers;
        });
    }

    private OpenModel openLocalModel(ChatConfig.LocalModel own) {
        ActivationRuntime runtime = own.runtime();
        PrefixCache cache = new PrefixCache(runtime, own.quota().maxMemoryBytes(), this::isCurrent);
        DiskPrefixCache store = new DiskPrefixCache(vault, files, runtime, own.quota());
        return new OpenModel(runtime, cache, store, new LocalChatAnswerer(runtime, cache, store, clock));
    }

    /**
     * Answers a chat with the memory of these cubes.
     *
     * @param recall recalls memories and renders them, empty if there are none; takes the items that are in the prompt
     *     already
     */
    public ModelAnswer answer(
            List<CubeRow> cubes,
            ChatRequest request,
            AdapterSelection applied,
            Function<Set<ItemId>, String> recall,
            Predicate<String> sink) {
        ChatAnswerer model = answers.orElseThrow(() -> new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "No model is configured for chat. Start memos4j with --model FILE.gguf, --runtime-url URL, or"
                        + " --model NAME and --model-url URL; in Java, open the engine with"
                        + " MemOsConfig.withChat(…)."));
        List<Message> messages = request.messages();
        String instructions = messages.stream()
                .takeWhile(message -> message.role() == Role.SYSTEM)
                .map(Message::text)
                .collect(Collectors.joining("\n\n"));
        List<ChatTurn> history = messages.subList(0, messages.size() - 1).stream()
                .dropWhile(message -> message.role() == Role.SYSTEM)
                .map(message -> new ChatTurn(message.role(), message.text()))
                .toList();
        PromptPrefix prefix = promptPrefix(cubes);
        String memories = recall.apply(prefix.itemIds());
        PromptLayout layout = new PromptLayout(
                cubes.stream().map(CubeRow::key).toList(),
                request.session(),
                instructions,
                prefix,
                history,
                memories,
                messages.getLast().text(),
                applied);
        ModelAnswer answer = model.answer(layout, request, sink);
        if (request.reuse()) {
            runInBackground(() -> model.prepare(layout.withAnswer(answer.text())));
        }
        return answer;
    }

    private PromptPrefix promptPrefix(List<CubeRow> cubes) {
        Set<CubeId> own = cubes.stream().map(CubeRow::id).filter(owned).collect(Collectors.toSet());
        return vault.read(reader -> PromptPrefix.of(reader, cubes, own, clock.instant()));
    }

    /** Runs work that only makes the next answer faster; failures are logged. */
    private void runInBackground(Runnable work) {
        background.execute(() -> {
            try {
                work.run();
            } catch (MemoryException e) {
                LOG.info("Could not prepare the next prompt: {}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.warn("Preparing the next prompt failed.", e);
            }
        });
    }

    /**
     * Waits until the background work queued so far is done.
     *
     * @return false if the timeout expired first
     */
    public boolean awaitIdle(Duration timeout) {
        try {
            background.submit(() -> {}).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("an empty task failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(
                    ErrorCode.INTERRUPTED, "Interrupted while waiting for prompts to be prepared.", e);
        }
    }

    /** Computes the prompt prefix of these cubes and writes it to disk. */
    public void compile(List<CubeRow> cubes) {
        PromptLayout layout = new PromptLayout(
                cubes.stream().map(CubeRow::key).toList(),
                "",
                "",
                promptPrefix(cubes),
                List.of(),
                "",
                "",
                AdapterSelection.NONE);
        requireLocalModel().answers.compile(layout);
    }

    /** Returns the cached prefixes of a cube: those on disk in order of time, then those in memory only. */
    public List<KvCacheEntry> list(CubeKey cube) {
        Map<String, PrefixCache.CachedPrefix> held = new LinkedHashMap<>();
        local.ifPresent(model -> model.cache.list().stream()
                .filter(each -> belongsTo(each, cube))
                .forEach(each -> held.put(model.store.fileName(each.tokens()), each)));
        return vault.read(reader -> {
            List<KvCacheEntry> all = new ArrayList<>();
            for (StoredActivation each : reader.activations().of(cube)) {
                List<Tier> tiers = Optional.ofNullable(held.remove(each.file()))
                        .map(PrefixCache.CachedPrefix::tiers)
                        .orElse(List.of());
                all.add(toActivation(reader, each, tiers));
            }
            local.ifPresent(model -> held.forEach((name, each) -> all.add(toActivation(reader, model, name, each))));
            return all;
        });
    }

    /** Returns whether a cached prefix belongs to a cube; one without any cube's memories belongs to none. */
    private static boolean belongsTo(PrefixCache.CachedPrefix held, CubeKey cube) {
        return held.provenance().owner().equals(cube)
                && !held.provenance().cubes().isEmpty();
    }

    private static KvCacheEntry toActivation(VaultReader reader, StoredActivation stored, List<Tier> faster) {
        List<Tier> tiers = new ArrayList<>(faster);
        tiers.add(Tier.DISK);
        return new KvCacheEntry(
                stored.file(),
                tiers,
                stored.compatibility().model(),
                stored.compatibility().caches(),
                stored.compatibility().runtime(),
                stored.tokens(),
                stored.bytes(),
                stored.prefill(),
                stored.usedAt(),
                stored.uses(),
                sources(reader, stored.sources()));
    }

    private static KvCacheEntry toActivation(
            VaultReader reader, OpenModel local, String name, PrefixCache.CachedPrefix held) {
        StoredActivation.Compatibility fit = local.store.compatibility();
        int tokens = held.tokens().length;
        return new KvCacheEntry(
                name,
                held.tiers(),
                fit.model(),
                fit.caches(),
                fit.runtime(),
                tokens,
                0,
                local.answers.prefillRate().estimate(tokens),
                held.usedAt(),
                held.uses(),
                sources(reader, held.provenance().sources()));
    }

    private static List<KvCacheEntry.Source> sources(VaultReader reader, List<ActivationSource> sources) {
        return sources.stream()
                .flatMap(source -> reader.findCube(source.cube()).stream()
                        .map(cube -> new KvCacheEntry.Source(cube.id(), source.item(), source.version())))
                .toList();
    }

    /** Deletes a cached prefix of a cube; returns false if there is none. */
    public boolean delete(CubeKey cube, String id) {
        boolean found = local.map(model -> evict(model, cube, id)).orElse(false);
        if (files.entries().stream()
                .anyMatch(each -> each.cube().equals(cube) && each.file().equals(id))) {
            files.delete(cube, id);
            found = true;
        }
        return found;
    }

    private static boolean evict(OpenModel model, CubeKey cube, String id) {
        boolean found = false;
        for (PrefixCache.CachedPrefix each : model.cache.list()) {
            if (belongsTo(each, cube) && model.store.fileName(each.tokens()).equals(id)) {
                model.cache.removeIf(each.provenance()::equals);
                found = true;
            }
        }
        return found;
    }

    /** Evicts everything that was computed with an adapter. */
    public void evict(String adapterHash) {
        local.ifPresent(model ->
                model.cache.removeIf(provenance -> provenance.adapterMix().contains(adapterHash)));
    }

    /** Returns the work due once a write has committed: deleting the caches computed from items that it changed. */
    public Optional<Runnable> afterCommit(VaultWriter writer) {
        Set<CubeKey> changed = writer.activations().changedCubes();
        Set<CubeKey> erased = writer.activations().erasedCubes();
        return changed.isEmpty() ? Optional.empty() : Optional.of(() -> evictStale(changed, erased));
    }

    private void evictStale(Set<CubeKey> changed, Set<CubeKey> erased) {
        local.filter(model -> model.cache.sourceCubes().stream().anyMatch(changed::contains))
                .ifPresent(model -> model.cache.removeIf(provenance -> isStale(provenance, changed, erased)));
        if (files.concernsAny(changed)) {
            files.deleteUnreferenced();
        }
    }

    private boolean isStale(CacheProvenance provenance, Set<CubeKey> changed, Set<CubeKey> erased) {
        boolean quotesErased =
                provenance.conversation() && provenance.cubes().stream().anyMatch(erased::contains);
        return quotesErased
                || provenance.sources().stream().anyMatch(source -> changed.contains(source.cube()))
                        && !isCurrent(provenance);
    }

    private boolean isCurrent(CacheProvenance provenance) {
        return provenance.sources().isEmpty()
                || vault.<Boolean>read(reader ->
                        provenance.sources().stream()
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

    /** Returns the bytes that a cached token takes; 0 without a local model. */
    long bytesPerToken() {
        return local.map(model -> model.runtime
                        .model()
                        .shape()
                        .bytesPerToken(model.runtime.capabilities().inUse()))
                .orElse(0L);
    }

    /** Estimates the time to compute so many tokens; zero if unknown. */
    Duration estimatePrefill(double tokens) {
        return local.map(model -> model.answers.prefillRate().estimate(tokens)).orElse(Duration.ZERO);
    }

    /** Returns whether a local model is configured, whose KV caches are managed here. */
    boolean isLocal() {
        return local.isPresent();
    }

    /** Returns whether a model is configured. */
    public boolean answers() {
        return answers.isPresent();
    }

    private OpenModel requireLocalModel() {
        return local.orElseThrow(() -> new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "No local model runtime is configured, and a provider's model manages its own KV cache. Start"
                        + " memos4j with --model FILE.gguf or --runtime-url URL; in Java, open the engine with"
                        + " MemOsConfig.withChat(new ChatConfig.LocalModel(…))."));
    }

    @Override
    public void close() {
        background.shutdownNow();
        answers.ifPresent(ChatAnswerer::close);
        background.close();
    }
}
