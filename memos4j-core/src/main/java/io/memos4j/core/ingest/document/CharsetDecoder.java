package io.memos4j.core.ingest.document;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Decodes bytes of unknown encoding, and never fails: a byte order mark decides, then zero bytes in every other place
 * (UTF-16), then whether the bytes above 127 are UTF-8 for the most part, then juniversalchardet for East Asian and
 * Cyrillic encodings; the rest is windows-1252. What does not fit becomes U+FFFD.
 */
final class CharsetDecoder {
    private static final int SAMPLE = 1 << 16;

    private static final String MARK = "\uFEFF";

    private static final Charset WESTERN = Charset.forName("windows-1252");

    /** Detected reliably only in texts that have more of their letters than of ASCII. */
    private static final Set<String> CYRILLIC = Set.of("WINDOWS-1251", "KOI8-R", "ISO-8859-5", "MACCYRILLIC", "IBM866");

    private static final Set<String> EAST_ASIAN =
            Set.of("GB18030", "BIG5", "SHIFT_JIS", "EUC-JP", "EUC-KR", "EUC-TW", "ISO-2022-JP", "ISO-2022-KR");

    private CharsetDecoder() {}

    static String decode(byte[] bytes) {
        String text = new String(bytes, charset(bytes));
        return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
    }

    static Charset charset(byte[] bytes) {
        return Optional.ofNullable(UniversalDetector.detectCharsetFromBOM(bytes))
                .filter(Charset::isSupported)
                .map(Charset::forName)
                .or(() -> utf16(bytes))
                .orElseGet(() -> isMostlyUtf8(bytes) ? StandardCharsets.UTF_8 : detect(bytes));
    }

    private static Optional<Charset> utf16(byte[] bytes) {
        int sample = Math.min(bytes.length, SAMPLE) & ~1;
        int evenZeros = 0;
        int oddZeros = 0;
        for (int i = 0; i < sample; i += 2) {
            evenZeros += bytes[i] == 0 ? 1 : 0;
            oddZeros += bytes[i + 1] == 0 ? 1 : 0;
        }
        return Math.max(evenZeros, oddZeros) > sample / 5 && Math.min(evenZeros, oddZeros) < sample / 50 + 1
                ? Optional.of(evenZeros > oddZeros ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE)
                : Optional.empty();
    }

    private static Charset detect(byte[] bytes) {
        UniversalDetector detector = new UniversalDetector();
        detector.handleData(bytes);
        detector.dataEnd();
        String name = detector.getDetectedCharset();
        boolean trusted = name != null
                && Charset.isSupported(name)
                && (EAST_ASIAN.contains(name) || CYRILLIC.contains(name) && isMostlyAboveAscii(bytes));
        if (trusted) {
            return Charset.forName(name);
        }
        return isMostlyChinesePairs(bytes) ? Charset.forName("GB18030") : WESTERN;
    }

    private static boolean isMostlyAboveAscii(byte[] bytes) {
        int above = 0;
        int letters = 0;
        for (byte each : bytes) {
            above += each < 0 ? 1 : 0;
            letters += Character.isLetter(each) ? 1 : 0;
        }
        return above > letters;
    }

    /** Returns whether the sequences that UTF-8 allows outnumber the bytes that it does not, two to one. */
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

    /** Texts too short for the detector, such as a few Chinese names among ASCII. */
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

    private static int at(byte[] bytes, int index) {
        return bytes[index] & 0xFF;
    }
}
