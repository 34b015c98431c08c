package io.memos4j.server.v1;

import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import io.memos4j.server.operations.BackupFolder;
import java.util.List;
import java.util.Optional;

/** Everything under {@code /v1}. */
public final class NativeApi implements Surface {
    private final List<Surface> parts;

    /** With backups where they usually are. */
    public NativeApi(int documentBytes) {
        this(documentBytes, new BackupFolder(Optional.empty(), 0));
    }

    /** @param documentBytes the largest document */
    public NativeApi(int documentBytes, BackupFolder backups) {
        this.parts = List.of(
                new Health(),
                new Contract(),
                new Cubes(),
                new Memories(),
                new Searches(),
                new Conversations(),
                new Provenance(),
                new Documents(documentBytes),
                new Aging(),
                new Past(),
                new Transfers(),
                new Tasks(),
                new Activations(),
                new Adapters(),
                new Administration(),
                new Backups(backups));
    }

    @Override
    public List<Route> routes() {
        return parts.stream().flatMap((Surface part) -> part.routes().stream()).toList();
    }
}
