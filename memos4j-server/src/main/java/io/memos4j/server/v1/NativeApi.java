package io.memos4j.server.v1;

import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.operations.BackupFolder;
import io.memos4j.server.operations.HealthMonitor;
import java.util.List;

/** The native API: all routes under {@code /v1} that belong to no facade. */
public final class NativeApi implements RouteGroup {
    private final List<RouteGroup> parts;

    public NativeApi(BackupFolder backups, HealthMonitor health) {
        this.parts = List.of(
                new HealthRoutes(health),
                new OpenApiRoutes(),
                new CubeRoutes(),
                new MemoryRoutes(),
                new ErasureRoutes(),
                new SearchRoutes(),
                new ChatRoutes(),
                new ProvenanceRoutes(),
                new ChangeRoutes(),
                new DocumentRoutes(),
                new SessionRoutes(),
                new RetentionRoutes(),
                new FeedbackRoutes(),
                new TimeMachineRoutes(),
                new TransferRoutes(),
                new TaskRoutes(),
                new ActivationRoutes(),
                new AdapterRoutes(),
                new AdministrationRoutes(health),
                new AuditRoutes(),
                new BackupRoutes(backups));
    }

    @Override
    public List<Route> routes() {
        return parts.stream()
                .flatMap((RouteGroup part) -> part.routes().stream())
                .toList();
    }
}
