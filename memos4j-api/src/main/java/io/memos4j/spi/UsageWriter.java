package io.memos4j.spi;

import io.memos4j.api.ItemId;
import io.memos4j.api.Policy;
import java.util.List;
import java.util.Map;

/**
 * How often items are used, how a cube lets them age, and what sessions have at hand. Works inside the transaction of its
 * {@link VaultWriter}.
 */
public interface UsageWriter extends UsageReader {
    /** Says how a cube lets its memories age. */
    void policy(CubeKey cube, Policy policy);

    /** Records the use of items in place of the former record; items that the cube does not have are left out. */
    void use(CubeKey cube, Map<ItemId, Use> uses);

    /** Records how often the cube was asked, in place of the former record. */
    void asked(CubeKey cube, Use use);

    /** Replaces what a session has at hand; items that the cube does not have are left out. */
    void hold(CubeKey cube, String session, List<Held> all);

    /** Forgets the working memories of all but the sessions that were touched last. */
    void keepSessions(CubeKey cube, int sessions);
}
