package io.memos4j.server.v1;

import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.List;

/** Everything under {@code /v1}. */
public final class NativeApi implements Surface {
    private final List<Surface> parts;

    /** @param documentBytes the largest document */
    public NativeApi(int documentBytes) {
        this.parts = List.of(
                new Health(),
                new Contract(),
                new Cubes(),
                new Memories(),
                new Searches(),
                new Provenance(),
                new Documents(documentBytes),
                new Aging(),
                new Past(),
                new Transfers(),
                new Tasks(),
                new Administration());
    }

    @Override
    public List<Route> routes() {
        return parts.stream().flatMap((Surface part) -> part.routes().stream()).toList();
    }
}
