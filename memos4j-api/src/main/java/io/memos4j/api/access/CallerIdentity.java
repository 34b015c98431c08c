package io.memos4j.api.access;

/** Who makes a call, proven by a key. */
public record CallerIdentity(Principal principal, ApiKey key) {
    /** How versions, tasks and the audit name who made them: {@code key:<id>}. */
    public String actor() {
        return "key:" + key.id();
    }
}
