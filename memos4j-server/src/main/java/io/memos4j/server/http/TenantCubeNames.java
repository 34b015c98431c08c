package io.memos4j.server.http;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.Principal;

/** Translates between callers' names of cubes and those of the engine. See decision 013. */
final class TenantCubeNames {
    /** The prefix of a name outside the caller's own space. */
    private static final String ELSEWHERE = "@";

    private TenantCubeNames() {}

    static CubeId resolve(Principal caller, String name) {
        boolean elsewhere = !caller.administrator() && name.startsWith(ELSEWHERE);
        return CubeId.of(elsewhere ? name.substring(ELSEWHERE.length()) : caller.space() + name);
    }

    static String display(Principal caller, CubeId cube) {
        return caller.owns(cube) ? cube.value().substring(caller.space().length()) : ELSEWHERE + cube.value();
    }
}
