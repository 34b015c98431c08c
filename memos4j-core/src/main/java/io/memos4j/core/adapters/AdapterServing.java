package io.memos4j.core.adapters;

import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.chat.ChatReply.AdapterUse;
import io.memos4j.core.TrainingConfig;
import io.memos4j.core.adapters.AdapterService.RoutingResult;
import io.memos4j.core.kvcache.AdapterSelection;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.kvcache.ActivationSource;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterMix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Selects the adapters that answer a question and loads them into the runtime. Thread-safe. */
public final class AdapterServing implements AutoCloseable {
    private final AdapterDirectory directory;
    private final AdapterRouter router;
    private final LoadedAdapterCache loadedAdapters;

    /** @param onUnload takes the hash of an adapter right before it is unloaded */
    public AdapterServing(
            ActivationRuntime runtime, AdapterDirectory directory, AdapterRouter router, Consumer<String> onUnload) {
        this.directory = directory;
        this.router = router;
        this.loadedAdapters = new LoadedAdapterCache(runtime, onUnload);
    }

    /** Returns the number of adapters that may answer one question together; 0 if the runtime takes none. */
    public static int maxCombined(ActivationRuntime runtime, Optional<TrainingConfig> training) {
        int wanted = training.map(TrainingConfig::bounds)
                .orElse(TrainingConfig.AcceptanceBounds.DEFAULT)
                .maxTogether();
        return Math.min(wanted, runtime.capabilities().adapters().together());
    }

    RoutingResult route(List<CubeRow> cubes, String question) {
        List<AdapterMix.Part> parts = new ArrayList<>();
        List<ActivationSource> sources = new ArrayList<>();
        List<AdapterUse> routed = new ArrayList<>();
        List<Warning> warnings = new ArrayList<>();
        for (AdapterRouter.RoutedAdapter chosen : router.route(cubes, question)) {
            Adapter adapter = chosen.adapter();
            CubeKey cube = chosen.cube().key();
            adapter.artifact().ifPresent(artifact -> {
                try {
                    parts.add(new AdapterMix.Part(
                            loadedAdapters.load(cube, directory.filesOf(artifact)), chosen.scale()));
                    adapter.taught()
                            .forEach(each -> sources.add(new ActivationSource(cube, each.item(), each.version())));
                    routed.add(new AdapterUse(chosen.cube().id(), adapter.id(), chosen.scale(), chosen.reason()));
                } catch (MemoryException e) {
                    warnings.add(new Warning(
                            "adapter_missing", "Adapter " + adapter.id() + " does not answer: " + e.getMessage()));
                }
            });
        }
        return new RoutingResult(new AdapterSelection(new AdapterMix(parts), sources), routed, warnings);
    }

    /** Unloads the adapters of a cube that are no longer active. */
    void keep(CubeKey cube, List<Adapter> adapters) {
        router.evict(cube);
        loadedAdapters.retainActive(cube, adapters);
    }

    @Override
    public void close() {
        loadedAdapters.close();
    }
}
