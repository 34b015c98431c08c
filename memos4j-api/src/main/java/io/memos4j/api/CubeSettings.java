package io.memos4j.api;

import java.time.ZoneId;
import java.util.Optional;

/**
 * Settings of a cube.
 *
 * @param zone the time zone of its messages and searches that name none; the engine's if absent
 */
public record CubeSettings(Optional<ZoneId> zone) {
    /** Everything as in the configuration of the engine. */
    public static final CubeSettings DEFAULT = new CubeSettings(Optional.empty());

    public CubeSettings zone(ZoneId newZone) {
        return new CubeSettings(Optional.of(newZone));
    }
}
