package io.memos4j.core;

import io.memos4j.core.cube.AddOperation;
import io.memos4j.core.cube.ChatOperation;
import io.memos4j.core.cube.CubeCatalog;
import io.memos4j.core.cube.CubeDeletion;
import io.memos4j.core.cube.CubeFactory;
import io.memos4j.core.cube.CubeRetention;
import io.memos4j.core.cube.EditOperations;
import io.memos4j.core.cube.ExtractOperation;
import io.memos4j.core.cube.ForgetOperation;
import io.memos4j.core.cube.ForkOperation;
import io.memos4j.core.cube.HistoryOperations;
import io.memos4j.core.cube.ItemIngestion;
import io.memos4j.core.cube.ItemOperations;
import io.memos4j.core.cube.MaintenanceOperations;
import io.memos4j.core.cube.RecallOperations;
import io.memos4j.core.cube.RollbackOperation;
import io.memos4j.core.cube.TaskTriggers;
import io.memos4j.core.cube.TransferOperations;
import io.memos4j.core.history.RollbackExecutor;
import io.memos4j.core.ingest.DuplicateDetector;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.transfer.TransferService;

/** The top layer of an engine: its cubes and what can be done with them. */
final class CubeLayer {
    final CubeFactory factory;
    final CubeDeletion deletion;
    final TransferOperations transfers;

    CubeLayer(StorageLayer storage, ServiceLayer services, TaskLayer background, CubeCatalog catalog) {
        this.factory = new CubeFactory(
                catalog,
                items(storage, services, background.triggers),
                recall(storage, services),
                maintenance(services, background));
        this.deletion = new CubeDeletion(services.governance, storage.indexes, background.derivedForms);
        this.transfers = new TransferOperations(
                catalog,
                new TransferService(storage.vault, services.supersession, storage.trust, storage.clock),
                storage.indexes,
                background.triggers);
    }

    private static ItemOperations items(StorageLayer storage, ServiceLayer services, TaskTriggers triggers) {
        InputParser parser = services.parser;
        ItemIngestion ingestion = new ItemIngestion(
                new DuplicateDetector(services.recent),
                parser,
                services.supersession,
                new ForgetOperation(services.deletion, services.refresher, storage.clock),
                services.timeToLive,
                triggers);
        return new ItemOperations(
                new AddOperation(parser, ingestion, storage.clock),
                new EditOperations(parser, services.supersession, triggers, storage.trust, storage.clock),
                services.deletion,
                new HistoryOperations(
                        new RollbackOperation(new RollbackExecutor(parser, storage.clock), triggers),
                        new ForkOperation(parser, triggers, storage.trust, storage.clock),
                        storage.clock));
    }

    private static RecallOperations recall(StorageLayer storage, ServiceLayer services) {
        return new RecallOperations(
                services.search,
                new ChatOperation(services.search, services.kvCache, services.adapters),
                new CubeRetention(services.usage, services.timeToLive, storage.clock::present));
    }

    private static MaintenanceOperations maintenance(ServiceLayer services, TaskLayer background) {
        return new MaintenanceOperations(
                background.indexing,
                background.erasure,
                new ExtractOperation(background.scheduler, services.extraction),
                background.tasks,
                services.kvCache,
                services.adapters);
    }
}
