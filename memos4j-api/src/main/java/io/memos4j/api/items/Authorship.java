package io.memos4j.api.items;

/**
 * The author of an item's text, and a suspicion against it. It belongs to the text: another version with the same text
 * and title has the same, and an earlier version that is restored brings its own back.
 *
 * @param principal the principal who wrote it into a cube of somebody else; empty for the owner of the cube, the user
 *     of an embedded engine or the command line, and background tasks
 * @param suspicion the reason why the text seems to address a model rather than to tell something, for example
 *     {@code override: ignore all previous instructions}; empty if it does not, or if the owner has released it
 */
public record Authorship(String principal, String suspicion) {
    /** Written by the owner, without suspicion. */
    public static final Authorship OWNER = new Authorship("", "");

    /** Returns true if the owner of the cube wrote it. */
    public boolean isOwner() {
        return principal.isEmpty();
    }

    /** Returns true if it is withheld from recall until the owner of the cube has released it. */
    public boolean isSuspected() {
        return !suspicion.isEmpty();
    }

    /** The same author with another suspicion; empty for none. */
    public Authorship suspecting(String newSuspicion) {
        return new Authorship(principal, newSuspicion);
    }
}
