package io.memos4j.core.access;

import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditRecord;
import io.memos4j.api.access.AuditVerification;
import io.memos4j.spi.access.AuditChain;
import io.memos4j.spi.access.AuditCheckpoint;
import io.memos4j.spi.access.AuditPosition;
import io.memos4j.spi.access.AuditReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Verifies the audit log: its hashes, its numbers and its checkpoints. For one verification. */
final class AuditVerifier {
    private static final int BATCH = 1_000;

    /** Problems beyond this number are left out: a log that was tampered with has many. */
    private static final int MOST_PROBLEMS = 20;

    private final AuditReader audit;
    private final Optional<String> publicKey;
    private final Set<String> trusted;
    private final Map<Long, String> known = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long entries;

    /**
     * @param publicKey the key of this directory
     * @param trusted further keys whose checkpoints count, X.509 in base64
     */
    AuditVerifier(AuditReader audit, Optional<String> publicKey, Set<String> trusted) {
        this.audit = audit;
        this.publicKey = publicKey;
        this.trusted = trusted;
    }

    /** @param noted hashes of entries that the caller knows, by number */
    AuditVerification verify(Map<Long, String> noted) {
        known.putAll(noted);
        AuditPosition start = audit.start();
        List<AuditCheckpoint> checkpoints = audit.checkpoints();
        long signedUpTo = checkSignatures(checkpoints);
        checkHash(start.number(), HexFormat.of().formatHex(start.hash()));
        if (start.number() > 0
                && checkpoints.stream().noneMatch(each -> each.position().number() == start.number())) {
            report("The entries up to " + start.number() + " were removed without a checkpoint.");
        }
        AuditPosition last = checkEntries(start);
        if (audit.lastNumber() > last.number()) {
            report("The entries " + (last.number() + 1) + " to " + audit.lastNumber() + " are missing at the end.");
        }
        known.forEach((number, hash) -> {
            if (number < start.number()) {
                report("Entry " + number + " cannot be compared: the retention removed it.");
            } else if (number > last.number()) {
                report("Entry " + number + " is missing, although it is known to have been there.");
            }
        });
        return new AuditVerification(
                entries,
                entries == 0 ? 0 : start.number() + 1,
                last.number(),
                HexFormat.of().formatHex(last.hash()),
                checkpoints.size(),
                signedUpTo,
                publicKey.orElse(""),
                problems);
    }

    /** Checks the signatures; the hashes that they state are compared as the entries are read. */
    private long checkSignatures(List<AuditCheckpoint> checkpoints) {
        long signedUpTo = 0;
        for (AuditCheckpoint each : checkpoints) {
            String key = SigningKey.base64(each.publicKey());
            long number = each.position().number();
            if (!AuditSigner.isValid(each)) {
                report("The signature of the checkpoint at entry " + number + " is wrong.");
            } else if (!publicKey.equals(Optional.of(key)) && !trusted.contains(key)) {
                report("The checkpoint at entry " + number + " is signed with another key, " + key
                        + ". If you know it, for example from before a restore, verify with --trust.");
            } else {
                signedUpTo = number;
            }
            String hash = HexFormat.of().formatHex(each.position().hash());
            String noted = known.put(number, hash);
            if (noted != null && !noted.equals(hash)) {
                report("The checkpoint at entry " + number + " has another hash than the one that you noted.");
            }
        }
        return signedUpTo;
    }

    private AuditPosition checkEntries(AuditPosition start) {
        AuditPosition last = start;
        List<AuditRecord> batch = audit.recordsAfter(last.number(), BATCH);
        while (!batch.isEmpty()) {
            for (AuditRecord each : batch) {
                last = checkEntry(last, each);
            }
            batch = audit.recordsAfter(last.number(), BATCH);
        }
        return last;
    }

    private AuditPosition checkEntry(AuditPosition former, AuditRecord each) {
        AuditEntry entry = each.entry();
        entries++;
        if (entry.number() != former.number() + 1) {
            report("The entries " + (former.number() + 1) + " to " + (entry.number() - 1) + " are missing.");
        }
        byte[] hash = AuditChain.hash(former.hash(), entry);
        if (!HexFormat.of().formatHex(hash).equals(each.hash())) {
            report("Entry " + entry.number() + " was changed, or one was removed or inserted before it.");
        }
        checkHash(entry.number(), each.hash());
        return new AuditPosition(entry.number(), parsed(each.hash(), hash));
    }

    /** Returns the stored hash, so that one changed entry is not reported again with each later one. */
    private static byte[] parsed(String stored, byte[] otherwise) {
        return stored.length() == 2 * otherwise.length ? HexFormat.of().parseHex(stored) : otherwise;
    }

    private void checkHash(long number, String hash) {
        String noted = known.get(number);
        if (noted != null && !noted.equals(hash)) {
            report("Entry " + number + " has another hash than the one that was signed or noted.");
        }
    }

    private void report(String problem) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(problem);
        }
    }
}
