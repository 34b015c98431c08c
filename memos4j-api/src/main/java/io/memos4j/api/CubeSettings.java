package io.memos4j.api;

import io.memos4j.api.privacy.PrivacyPolicy;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Settings of a cube.
 *
 * @param zone the time zone of its messages and searches that name none; the engine's if absent
 * @param privacy what is done with private and secret memories
 */
public record CubeSettings(Optional<ZoneId> zone, PrivacyPolicy privacy) {
    /** Everything as in the configuration of the engine. */
    public static final CubeSettings DEFAULT = new CubeSettings(Optional.empty(), PrivacyPolicy.DEFAULT);

    public CubeSettings zone(ZoneId newZone) {
        return new CubeSettings(Optional.of(newZone), privacy);
    }

    public CubeSettings privacy(PrivacyPolicy newPrivacy) {
        return new CubeSettings(zone, newPrivacy);
    }
}
