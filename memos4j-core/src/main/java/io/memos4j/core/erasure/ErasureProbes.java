package io.memos4j.core.erasure;

import io.memos4j.api.ErasureReceipt.Probe;
import io.memos4j.core.access.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the fingerprints of texts that a receipt holds, and recognizes the bytes that they were made from. They are
 * keyed by the directory's signing key: without it, not even a short text can be guessed from them. Not thread-safe.
 */
public final class ErasureProbes {
    /** The most bytes that a probe covers. */
    static final int LONGEST = 64;

    /** The most probes of one receipt. */
    private static final int MOST = 3_000;

    private static final String MAC = "HmacSHA256";

    private final RollingHash rolling;
    private final Mac mac;
    private final Set<Probe> probes = new LinkedHashSet<>();
    private long unprobed;

    /** @param salt of one receipt */
    public ErasureProbes(SigningKey key, String salt) {
        byte[] secret = key.deriveSecret(("memos4j erasure probes " + salt).getBytes(StandardCharsets.UTF_8));
        this.rolling = new RollingHash(secret);
        try {
            this.mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(secret, MAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no " + MAC + ".", e);
        }
    }

    /** Adds the probes of a text: of its beginning, its middle and its end, since storage splits long texts. */
    public void add(String text) {
        byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
        if (bytes.length < RollingHash.WINDOW || probes.size() >= MOST) {
            unprobed += text.isBlank() ? 0 : 1;
            return;
        }
        int length = Math.min(LONGEST, bytes.length);
        for (int start : new int[] {0, (bytes.length - length) / 2, bytes.length - length}) {
            byte[] run = Arrays.copyOfRange(bytes, start, start + length);
            probes.add(new Probe(rolling.of(run, 0), length, digest(run)));
        }
    }

    public List<Probe> probes() {
        return new ArrayList<>(probes);
    }

    /** Returns the number of texts that have no probe. */
    public long unprobed() {
        return unprobed;
    }

    /** Returns a hash to roll over bytes. */
    RollingHash rolling() {
        return rolling;
    }

    boolean matches(Probe probe, byte[] bytes, int start) {
        return digest(Arrays.copyOfRange(bytes, start, start + probe.length())).equals(probe.digest());
    }

    private String digest(byte[] run) {
        return HexFormat.of().formatHex(mac.doFinal(run), 0, 16);
    }
}
