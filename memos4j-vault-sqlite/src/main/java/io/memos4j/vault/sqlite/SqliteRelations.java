package io.memos4j.vault.sqlite;

import io.memos4j.spi.RelationWriter;

/** What belongs together, on a connection of the vault. */
final class SqliteRelations implements RelationWriter {
    private final Sql sql;

    SqliteRelations(Sql sql) {
        this.sql = sql;
    }
}
