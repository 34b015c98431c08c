package io.memos4j.core.cube;

import io.memos4j.api.DeleteResult;
import io.memos4j.api.ErasureReceipt;
import io.memos4j.api.ErasureReceipt.Verification;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.core.access.SigningKey;
import io.memos4j.core.erasure.DirectoryScanner;
import io.memos4j.core.erasure.ErasureProbes;
import io.memos4j.spi.vault.VaultWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Erases items, rewrites the storage at once, looks for the erased words in every byte of the directory, and signs what
 * it did. Thread-safe.
 */
public final class EraseOperation {
    /** Derived texts that quote what is not erased. */
    private static final Set<ItemType> QUOTING = Set.of(ItemType.SUMMARY, ItemType.PROFILE);

    private static final int SALT_BYTES = 16;

    private final DeleteOperation deletion;
    private final IndexOperations indexing;
    private final SigningKey key;
    private final Path directory;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public EraseOperation(
            DeleteOperation deletion, IndexOperations indexing, SigningKey key, Path directory, InstantSource clock) {
        this.deletion = deletion;
        this.indexing = indexing;
        this.key = key;
        this.directory = directory;
        this.clock = clock;
    }

    private record Erased(DeleteResult result, long versions) {}

    /** Erases and answers with a signed receipt. The time grows with the size of the directory, which is read whole. */
    public ErasureReceipt erase(CubeHandle cube, Selection selection) {
        String salt = randomHex();
        ErasureProbes probes = new ErasureProbes(key, salt);
        Erased erased = cube.write(writer -> erase(writer, cube, selection, probes));
        cube.catchUp();
        List<String> remaining = new ArrayList<>();
        compact().ifPresent(remaining::add);
        DirectoryScanner scanner = new DirectoryScanner(probes, probes.probes()).scan(directory);
        scanner.found()
                .forEach(each -> remaining.add(each
                        + ". Another memory, for example in a fork of this cube, says the same, or a call that ran"
                        + " meanwhile has kept it; verify the receipt again."));
        return sign(new ErasureReceipt(
                randomHex(),
                cube.id(),
                kind(selection),
                clock.instant(),
                erased.result.selected(),
                erased.result.derived(),
                erased.versions,
                erased.result.adapters(),
                List.of(
                        "vault: every version, vector, link, claim, task and answer of these items; the file was"
                                + " rewritten and its log emptied",
                        "index: the segments that held them were rewritten",
                        "activation: the KV files of prompts that held one of them were deleted",
                        "adapters: the bytes of those that were taught one of them were deleted",
                        "scan: " + scanner.files() + " files, " + scanner.bytes() + " bytes"),
                remaining,
                probes.probes(),
                probes.unprobed(),
                salt,
                "",
                ""));
    }

    private Erased erase(VaultWriter writer, CubeHandle cube, Selection selection, ErasureProbes probes) {
        List<ItemId> selected = writer.select(cube.key(), selection);
        List<ItemId> derived = writer.derivedFrom(cube.key(), selected);
        long versions = 0;
        for (ItemId id : Stream.concat(selected.stream(), derived.stream()).toList()) {
            List<ItemVersion> history = writer.versions(cube.key(), id);
            versions += history.size();
            history.stream()
                    .map(ItemVersion::item)
                    .filter(item -> !QUOTING.contains(item.type()))
                    .map(MemoryItem::text)
                    .forEach(probes::add);
        }
        return new Erased(deletion.erase(writer, cube.key(), selected), versions);
    }

    /** Rewrites the storage; returns why it could not be done, which undoes nothing of the erasure. */
    private Optional<String> compact() {
        try {
            indexing.compactErased();
            return Optional.empty();
        } catch (MemoryException e) {
            return Optional.of("The storage could not be rewritten: " + e.getMessage()
                    + " The items are gone, and their last bytes go with the next compaction.");
        }
    }

    private ErasureReceipt sign(ErasureReceipt receipt) {
        ErasureReceipt named = receipt.signedBy(SigningKey.base64(key.requirePublicKey()), "");
        return named.signedBy(named.publicKey(), SigningKey.base64(key.sign(named.signedText())));
    }

    private String randomHex() {
        byte[] bytes = new byte[SALT_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String kind(Selection selection) {
        return switch (selection) {
            case Selection.Item one -> "item";
            case Selection.Session all -> "session";
            case Selection.Source all -> "source";
            case Selection.Matching all -> "filter";
        };
    }

    /** Checks the signature of a receipt and looks for the erased words in every byte of the directory. */
    public Verification verify(ErasureReceipt receipt) {
        boolean signed = isSigned(receipt);
        boolean own = key.publicKey().filter(receipt.publicKey()::equals).isPresent();
        if (!signed || !own) {
            return new Verification(signed, own, 0, 0, List.of());
        }
        DirectoryScanner scanner =
                new DirectoryScanner(new ErasureProbes(key, receipt.salt()), receipt.probes()).scan(directory);
        return new Verification(true, true, scanner.files(), scanner.bytes(), scanner.found());
    }

    private static boolean isSigned(ErasureReceipt receipt) {
        try {
            Base64.Decoder decoder = Base64.getDecoder();
            return SigningKey.isValid(
                    decoder.decode(receipt.publicKey()), receipt.signedText(), decoder.decode(receipt.signature()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
