package io.memos4j.api.access;

import io.memos4j.api.MemoryException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The result of a verification of the audit log.
 *
 * @param entries the number of entries that are there
 * @param first the number of the first one; the earlier ones were removed by the retention
 * @param last the number of the last one
 * @param hash the hash of the last one; note {@code last:hash} elsewhere to prove later that nothing up to here changed
 * @param checkpoints the number of signed checkpoints
 * @param signedUpTo the number of the last entry that a checkpoint covers; who has the file could have rewritten later
 *     ones
 * @param publicKey the key of this directory, X.509 in base64; empty if it has not signed anything yet
 * @param problems one sentence for each; none if the log is intact
 */
public record AuditVerification(
        long entries,
        long first,
        long last,
        String hash,
        int checkpoints,
        long signedUpTo,
        String publicKey,
        List<String> problems) {
    private static final Pattern NOTED = Pattern.compile("[0-9]{1,18}:[0-9a-f]{64}");

    public AuditVerification {
        problems = List.copyOf(problems);
    }

    /**
     * Parses the entries that a caller knows, each as {@code number:hash}.
     *
     * @throws MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT}
     */
    public static Map<Long, String> parseNoted(List<String> noted) {
        Map<Long, String> hashes = new HashMap<>();
        for (String each : noted) {
            if (!NOTED.matcher(each).matches()) {
                throw MemoryException.invalid("'" + each
                        + "' is not a known entry. Write its number, a colon and its hash of 64 hexadecimal digits.");
            }
            int colon = each.indexOf(':');
            hashes.put(Long.parseLong(each.substring(0, colon)), each.substring(colon + 1));
        }
        return hashes;
    }

    /** Returns whether no problem was found. */
    public boolean isIntact() {
        return problems.isEmpty();
    }
}
