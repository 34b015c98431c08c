package io.memos4j.spi.runtime;

import io.memos4j.api.MemoryException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Adapters that are applied together; their changes of the weights add up. Equal mixes compute the same.
 *
 * @param parts in the order of their hashes, none twice
 */
public record AdapterMix(List<Part> parts) {
    /** The model as it is. */
    public static final AdapterMix NONE = new AdapterMix(List.of());

    /** The largest factor. */
    public static final double MAX_SCALE = 4;

    /**
     * An adapter and what its change is multiplied with.
     *
     * @param scale above 0, at most {@value #MAX_SCALE}; 1 is as trained
     */
    public record Part(LoadedAdapter adapter, double scale) {
        public Part {
            if (!(scale > 0 && scale <= MAX_SCALE)) {
                throw MemoryException.invalid(
                        "An adapter's scale must be above 0 and at most " + MAX_SCALE + " (was " + scale + ").");
            }
        }

        private String hash() {
            return adapter.files().hash();
        }
    }

    public AdapterMix {
        parts = parts.stream().sorted(Comparator.comparing(Part::hash)).toList();
        if (parts.stream().map(Part::hash).distinct().count() < parts.size()) {
            throw MemoryException.invalid("An adapter can be applied only once at a time.");
        }
    }

    /** One adapter as it was trained. */
    public static AdapterMix of(LoadedAdapter adapter) {
        return new AdapterMix(List.of(new Part(adapter, 1)));
    }

    public boolean isNone() {
        return parts.isEmpty();
    }

    /** Hashes and scales, in order: equal for mixes that compute the same, empty for none. */
    public String id() {
        return parts.stream().map(part -> part.hash() + "*" + part.scale).collect(Collectors.joining("+"));
    }
}
