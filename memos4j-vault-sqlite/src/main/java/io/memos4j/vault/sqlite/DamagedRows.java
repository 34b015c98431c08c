package io.memos4j.vault.sqlite;

import io.memos4j.api.CubeId;
import java.util.ArrayList;
import java.util.List;

/** Finds the versions of items whose rows cannot be read, although SQLite finds the file sound. */
final class DamagedRows {
    /** The findings of one check. */
    private static final int MOST = 20;

    private static final String ALL = "SELECT " + RowMappers.ITEM
            + ", c.name, lower(hex(i.item_id)) FROM item i JOIN item_version v"
            + " ON v.cube_id = i.cube_id AND v.item_id = i.item_id LEFT JOIN cube c ON c.key = i.cube_id";

    private final SqlConnection sql;

    DamagedRows(SqlConnection sql) {
        this.sql = sql;
    }

    /** Returns one sentence for each damaged version, up to a number. */
    List<String> describe() {
        List<String> damage = new ArrayList<>();
        CubeId any = new CubeId("any");
        sql.visit(
                row -> {
                    boolean readable = sql.findReadable(each -> RowMappers.item(any, each), row)
                            .isPresent();
                    if (!readable && damage.size() < MOST) {
                        damage.add("Vault " + sql.file() + ": version " + row.getInt(2) + " of item "
                                + row.getString(RowMappers.ITEM_COLUMNS + 2) + " of cube '"
                                + row.getString(RowMappers.ITEM_COLUMNS + 1)
                                + "' cannot be read and is left out of lists and searches. Restore it from a backup,"
                                + " or delete the item.");
                    }
                },
                ALL);
        return damage;
    }
}
