package io.memos4j.server.v1;

import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import io.memos4j.server.operations.BackupFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A copy of everything, written beside the running work. */
final class Backups implements Surface {
    private final BackupFolder folder;

    Backups(BackupFolder folder) {
        this.folder = folder;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/backup", Need.SERVER, this::write));
    }

    private void write(Exchange exchange) {
        BackupFolder.Backup backup = folder.write(exchange.memos());
        exchange.target(backup.file());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", backup.file());
        json.put("bytes", backup.bytes());
        json.put("taken", backup.taken().toString());
        exchange.answer(201, json);
    }
}
