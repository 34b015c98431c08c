package io.memos4j.vault.sqlite;

import io.memos4j.spi.PastWriter;

/** Former states of a cube, on a connection of the vault. */
final class SqlitePast implements PastWriter {
    private final Sql sql;

    SqlitePast(Sql sql) {
        this.sql = sql;
    }
}
