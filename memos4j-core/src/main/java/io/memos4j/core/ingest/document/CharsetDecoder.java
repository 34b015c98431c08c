package io.memos4j.core.ingest.document;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Decodes bytes of unknown encoding, and never fails: a byte order mark decides, then zero bytes in every other place
 * (UTF-16), then whether the bytes above 127 are UTF-8 for the most part, or else GB2312 pairs (Chinese), or else
 * windows-1252. What does not fit becomes U+FFFD.
 */
final class CharsetDecoder {
    private static final int SAMPLE = 1 << 16;

    private CharsetDecoder() {}

    static String decode(byte[] bytes) {
        int mark = markLength(bytes);
        return new String(bytes, mark, bytes.length - mark, charset(bytes));
    }

    static Charset charset(byte[] bytes) {
        return switch (markLength(bytes)) {
            case 4 -> Charset.forName(bytes[0] == 0 ? "UTF-32BE" : "UTF-32LE");
            case 3 -> StandardCharsets.UTF_8;
            case 2 -> at(bytes, 0) == 0xFE ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
            default -> guess(bytes);
        };
    }

    private static int markLength(byte[] bytes) {
        if (startsWith(bytes, 0, 0, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE, 0, 0)) {
            return 4;
        }
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            return 3;
        }
        return startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE) ? 2 : 0;
    }

    private static Charset guess(byte[] bytes) {
        int sample = Math.min(bytes.length, SAMPLE) & ~1;
        int evenZeros = 0;
        int oddZeros = 0;
        for (int i = 0; i < sample; i += 2) {
            evenZeros += bytes[i] == 0 ? 1 : 0;
            oddZeros += bytes[i + 1] == 0 ? 1 : 0;
        }
        if (Math.max(evenZeros, oddZeros) > sample / 5 && Math.min(evenZeros, oddZeros) < sample / 50 + 1) {
            return evenZeros > oddZeros ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
        }
        if (isMostlyUtf8(bytes)) {
            return StandardCharsets.UTF_8;
        }
        return isMostlyChinesePairs(bytes) ? Charset.forName("GB18030") : Charset.forName("windows-1252");
    }

    /** Whether the sequences that UTF-8 allows are at least as many as the bytes that it does not. */
    private static boolean isMostlyUtf8(byte[] bytes) {
        int good = 0;
        int bad = 0;
        int i = 0;
        while (i < bytes.length) {
            if (bytes[i] >= 0) {
                i++;
                continue;
            }
            int length = sequenceLength(bytes, i);
            good += length > 0 ? 1 : 0;
            bad += length > 0 ? 0 : 1;
            i += Math.max(1, length);
        }
        return bad == 0 || good > 2 * bad;
    }

    private static int sequenceLength(byte[] bytes, int index) {
        int lead = at(bytes, index);
        int length = lead >= 0xF0 && lead <= 0xF4
                ? 4
                : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xC2 && lead < 0xE0 ? 2 : 0;
        for (int i = 1; i < length; i++) {
            if (index + i >= bytes.length || (bytes[index + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    private static boolean isMostlyChinesePairs(byte[] bytes) {
        int paired = 0;
        int single = 0;
        int i = 0;
        while (i < bytes.length) {
            if (bytes[i] >= 0) {
                i++;
                continue;
            }
            int lead = at(bytes, i);
            boolean pair = i + 1 < bytes.length && lead >= 0xA1 && lead <= 0xF7 && at(bytes, i + 1) >= 0xA1;
            paired += pair ? 1 : 0;
            single += pair ? 0 : 1;
            i += pair ? 2 : 1;
        }
        return paired >= 4 && paired > 20 * single;
    }

    private static boolean startsWith(byte[] bytes, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (i >= bytes.length || at(bytes, i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static int at(byte[] bytes, int index) {
        return bytes[index] & 0xFF;
    }
}
