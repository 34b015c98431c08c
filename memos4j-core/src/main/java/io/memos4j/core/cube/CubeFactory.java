package io.memos4j.core.cube;

import io.memos4j.api.CubeId;
import io.memos4j.spi.CubeRow;
import java.util.List;

/** Opens the cubes of an engine, alone or several as one. Thread-safe. */
public final class CubeFactory {
    private final CubeCatalog catalog;
    private final ItemOperations items;
    private final RecallOperations recall;
    private final MaintenanceOperations maintenance;

    public CubeFactory(
            CubeCatalog catalog, ItemOperations items, RecallOperations recall, MaintenanceOperations maintenance) {
        this.catalog = catalog;
        this.items = items;
        this.recall = recall;
        this.maintenance = maintenance;
    }

    public StoredMemCube open(CubeRow row) {
        return new StoredMemCube(catalog.handle(row), items, recall, maintenance);
    }

    /** Opens existing cubes as one. */
    public StoredCompositeCube compose(List<CubeId> ids) {
        StoredCompositeCube.requireMembers(ids);
        return new StoredCompositeCube(
                ids.stream().map(id -> open(catalog.require(id))).toList(), recall.search(), recall.chat());
    }
}
