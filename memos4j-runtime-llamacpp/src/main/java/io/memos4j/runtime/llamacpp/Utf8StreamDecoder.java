package io.memos4j.runtime.llamacpp;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 bytes that arrive in pieces, and holds back an incomplete character. Not thread-safe. */
final class Utf8StreamDecoder {
    private static final int LONGEST = 4;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer rest = ByteBuffer.allocate(0);

    /** Returns the characters that these bytes complete. */
    String add(byte[] bytes) {
        return decode(bytes, false);
    }

    /** Returns what is left: a replacement character, if the last character was incomplete. */
    String flush() {
        return decode(new byte[0], true);
    }

    private String decode(byte[] bytes, boolean last) {
        ByteBuffer input = ByteBuffer.allocate(rest.remaining() + bytes.length)
                .put(rest)
                .put(bytes)
                .flip();
        CharBuffer output = CharBuffer.allocate(input.remaining() + LONGEST);
        decoder.decode(input, output, last);
        if (last) {
            decoder.flush(output);
        }
        rest = input;
        return output.flip().toString();
    }
}
