package io.memos4j.core;

import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.cube.CubeCatalog;

/**
 * An open engine: its four layers, opened bottom up and closed top down. Each layer hands its parts on to the next; no
 * part knows the engine. Thread-safe.
 */
final class Engine implements AutoCloseable {
    final StorageLayer storage;
    final ServiceLayer services;
    final TaskLayer background;
    final CubeCatalog catalog;
    final CubeLayer cubes;
    private final ResourceStack resources;

    private Engine(MemOsConfig config, IdGenerator ids, ResourceStack resources) {
        this.resources = resources;
        this.storage = new StorageLayer(config, ids, resources);
        this.services = new ServiceLayer(storage, resources);
        this.catalog = new CubeCatalog(storage.vault, storage.indexes, storage.vectors, storage.audit, storage.clock);
        this.background = new TaskLayer(storage, services, catalog, resources);
        this.cubes = new CubeLayer(storage, services, background, catalog);
    }

    /** Opens an engine that runs no tasks before {@link #start}. */
    static Engine open(MemOsConfig config, IdGenerator ids) {
        ResourceStack resources = new ResourceStack();
        try {
            return new Engine(config, ids, resources);
        } catch (RuntimeException | Error e) {
            resources.closeAfter(e);
            throw e;
        }
    }

    /** Starts the background work. */
    Engine start() {
        resources.add(background.start());
        return this;
    }

    HealthReport checkHealth() {
        return new HealthCheck(storage).run();
    }

    @Override
    public void close() {
        resources.close();
    }
}
