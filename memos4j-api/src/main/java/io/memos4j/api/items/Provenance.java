package io.memos4j.api.items;

import io.memos4j.internal.EnumNames;
import java.util.Locale;

/** The origin of what a memory says: who said it, or where it was read. */
public enum Provenance {
    /** The person whose assistant it is: the owner of the cube. */
    OWNER,
    /** Another principal, who may write into the cube. */
    PRINCIPAL,
    /** An assistant. */
    ASSISTANT,
    /** A system prompt. */
    SYSTEM,
    /** A tool. */
    TOOL,
    /** A document, or a note that cites one. */
    DOCUMENT,
    /** A web page, or a note that cites one. */
    WEB,
    /** Other memories of the cube, from which it was made. */
    DERIVED;

    /** The wire name, for example {@code owner}. */
    public String id() {
        return EnumNames.id(this);
    }

    /** The provenance of an item: what is least trusted of all that it names. */
    public static Provenance of(MemoryItem item) {
        ItemOrigin origin = item.origin();
        if (!item.authorship().isOwner()) {
            return PRINCIPAL;
        }
        if (origin.sources().stream().anyMatch(Provenance::isWebPage)) {
            return WEB;
        }
        if (item.type() == ItemType.DOCUMENT || cites(origin, SourceReference.Kind.DOCUMENT)) {
            return DOCUMENT;
        }
        return switch (origin.role()) {
            case ASSISTANT -> ASSISTANT;
            case SYSTEM -> SYSTEM;
            case TOOL -> TOOL;
            case USER -> OWNER;
            case NONE -> cites(origin, SourceReference.Kind.ITEM) ? DERIVED : OWNER;
        };
    }

    private static boolean cites(ItemOrigin origin, SourceReference.Kind kind) {
        return origin.sources().stream().anyMatch(source -> source.kind() == kind);
    }

    private static boolean isWebPage(SourceReference source) {
        String id = source.id().toLowerCase(Locale.ROOT);
        return source.kind() != SourceReference.Kind.ITEM && (id.startsWith("http://") || id.startsWith("https://"));
    }
}
