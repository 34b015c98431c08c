package io.memos4j.spi;

import io.memos4j.api.CubeId;
import io.memos4j.api.privacy.PrivacyPolicy;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A cube as the vault knows it.
 *
 * @param key its number in the vault; also names its index folder
 * @param id its name
 * @param createdAt when it was made
 * @param embedder the identity of the embedder of its vectors, empty for a cube without vectors
 * @param dimension of its vectors, 0 for a cube without vectors
 * @param seq the number of its last change
 * @param zone the time zone of requests and messages that name none; the engine's if absent
 * @param privacy what is done with private and secret memories
 */
public record CubeRow(
        CubeKey key,
        CubeId id,
        Instant createdAt,
        String embedder,
        int dimension,
        long seq,
        Optional<ZoneId> zone,
        PrivacyPolicy privacy) {}
