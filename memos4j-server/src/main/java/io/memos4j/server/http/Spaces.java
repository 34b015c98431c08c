package io.memos4j.server.http;

import io.memos4j.api.CubeId;
import io.memos4j.api.Principal;

/** Between the names that callers give to cubes and those of the engine. See decision 013. */
final class Spaces {
    /** What a name outside the caller's own space begins with. */
    private static final String ELSEWHERE = "@";

    private Spaces() {}

    static CubeId resolve(Principal caller, String name) {
        boolean elsewhere = !caller.administrator() && name.startsWith(ELSEWHERE);
        return CubeId.of(elsewhere ? name.substring(ELSEWHERE.length()) : caller.space() + name);
    }

    static String shown(Principal caller, CubeId cube) {
        return caller.owns(cube) ? cube.value().substring(caller.space().length()) : ELSEWHERE + cube.value();
    }
}
