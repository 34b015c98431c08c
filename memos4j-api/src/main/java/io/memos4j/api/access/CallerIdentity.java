package io.memos4j.api.access;

/** The caller of the engine, authenticated by a key. */
public record CallerIdentity(Principal principal, ApiKey key) {
    /** Returns the name of this caller in versions, tasks and the audit log: {@code key:<id>}. */
    public String actor() {
        return "key:" + key.id();
    }
}
