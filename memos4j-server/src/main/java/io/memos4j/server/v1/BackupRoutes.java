package io.memos4j.server.v1;

import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.operations.BackupFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The route that writes a backup of all data while the server runs. */
final class BackupRoutes implements RouteGroup {
    private final BackupFolder folder;

    BackupRoutes(BackupFolder folder) {
        this.folder = folder;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/backup", RequiredAccess.ADMINISTRATOR, this::write));
    }

    private void write(HttpExchange exchange) {
        BackupFolder.Backup backup = folder.write(exchange.memos());
        exchange.auditTarget(backup.file());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", backup.file());
        json.put("bytes", backup.bytes());
        json.put("taken", backup.taken().toString());
        exchange.respond(201, json);
    }
}
