package io.memos4j.api;

import io.memos4j.api.adapters.AdapterId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * A signed account of an erasure: what was erased, where, and what remains. It holds none of the erased words, only
 * keyed fingerprints of them, by which the directory that issued it can look for them again.
 *
 * @param id of the receipt
 * @param cube from which was erased
 * @param selection the kind of the selection: {@code item}, {@code session}, {@code source} or {@code filter}
 * @param at when the erasure was complete
 * @param items the items that the selection named
 * @param derived the items made from them, which went with them
 * @param versions the number of versions of all these items
 * @param adapters the adapters that were taught one of them; their bytes were erased
 * @param places where it was erased and how, one sentence each
 * @param remaining what was found to remain in this directory, one sentence each; see also {@link #OUT_OF_REACH}
 * @param probes fingerprints of the erased words
 * @param unprobed the number of texts without a fingerprint: shorter than the shortest, or beyond the most
 * @param salt of the fingerprints; hexadecimal
 * @param publicKey the Ed25519 key of the directory, X.509 in base64
 * @param signature of {@link #signedText}; base64
 */
public record ErasureReceipt(
        String id,
        CubeId cube,
        String selection,
        Instant at,
        List<ItemId> items,
        List<ItemId> derived,
        long versions,
        List<AdapterId> adapters,
        List<String> places,
        List<String> remaining,
        List<Probe> probes,
        long unprobed,
        String salt,
        String publicKey,
        String signature) {
    /** The places that no receipt covers. */
    public static final String OUT_OF_REACH =
            "Backups, exports and copies outside this directory, and what language models elsewhere were sent.";

    public ErasureReceipt {
        items = List.copyOf(items);
        derived = List.copyOf(derived);
        adapters = List.copyOf(adapters);
        places = List.copyOf(places);
        remaining = List.copyOf(remaining);
        probes = List.copyOf(probes);
    }

    /**
     * A fingerprint of a run of erased bytes.
     *
     * @param hash the keyed rolling hash of its first bytes
     * @param length its length in bytes
     * @param digest the keyed digest of all its bytes; hexadecimal
     */
    public record Probe(long hash, int length, String digest) {}

    /**
     * The result of looking for what was erased.
     *
     * @param signed whether the receipt is signed by the key that it names, and unchanged since
     * @param own whether that is the key of this directory; only then can it be looked for
     * @param files the files that were read
     * @param bytes the bytes that were read
     * @param found where erased words are, one line for each file; another memory may say the same
     */
    public record Verification(boolean signed, boolean own, int files, long bytes, List<String> found) {
        public Verification {
            found = List.copyOf(found);
        }

        /** Returns whether the receipt is genuine and none of the words is there. */
        public boolean isProven() {
            return signed && own && found.isEmpty();
        }
    }

    /** Returns whether the erasure could be completed and none of the erased words was found afterwards. */
    public boolean isComplete() {
        return remaining.isEmpty();
    }

    /** Returns the same receipt with a signature. */
    public ErasureReceipt signedBy(String key, String newSignature) {
        return new ErasureReceipt(
                id,
                cube,
                selection,
                at,
                items,
                derived,
                versions,
                adapters,
                places,
                remaining,
                probes,
                unprobed,
                salt,
                key,
                newSignature);
    }

    /** Returns the bytes that are signed: every field but the signature, one to a line. */
    public byte[] signedText() {
        return String.join(
                        "\n",
                        "memos4j erasure 1",
                        id,
                        cube.toString(),
                        selection,
                        at.toString(),
                        items.toString(),
                        derived.toString(),
                        Long.toString(versions),
                        adapters.toString(),
                        lines(places),
                        lines(remaining),
                        probes.toString(),
                        Long.toString(unprobed),
                        salt,
                        publicKey)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the lines so that no other list reads the same. */
    private static String lines(List<String> sentences) {
        return sentences.size() + "\n" + String.join("\n", sentences);
    }
}
