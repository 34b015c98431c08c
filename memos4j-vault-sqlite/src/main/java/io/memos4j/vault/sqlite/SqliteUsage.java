package io.memos4j.vault.sqlite;

import io.memos4j.spi.UsageWriter;

/** Use, heat and working memory, on a connection of the vault. */
final class SqliteUsage implements UsageWriter {
    private final Sql sql;

    SqliteUsage(Sql sql) {
        this.sql = sql;
    }
}
