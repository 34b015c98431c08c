package io.memos4j.core.ingest.document;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Detects decompression bombs before PDFBox unpacks streams into memory: inflates every stream of the file and counts
 * the bytes. Streams packed twice are not followed.
 */
final class PdfStreamLimiter {
    /** The most bytes of one stream; a page scanned in color at 600 dpi has 105 MB. */
    private static final long MAX_STREAM = 256L << 20;

    private static final byte[] KEYWORD = {'s', 't', 'r', 'e', 'a', 'm'};

    private final byte[] pdf;
    private final byte[] sink = new byte[1 << 16];

    PdfStreamLimiter(byte[] pdf) {
        this.pdf = pdf;
    }

    /** Returns whether a stream of the document unpacks to an absurd size. */
    boolean exceedsLimit() {
        Inflater inflater = new Inflater();
        try {
            int position = 0;
            while (position < pdf.length - KEYWORD.length - 2) {
                int data = dataAfterKeyword(position);
                if (data < 0) {
                    position++;
                    continue;
                }
                inflater.reset();
                inflater.setInput(pdf, data, pdf.length - data);
                if (inflatesBeyondLimit(inflater)) {
                    return true;
                }
                position = inflater.finished() ? data + (int) inflater.getBytesRead() : data;
            }
            return false;
        } finally {
            inflater.end();
        }
    }

    private boolean inflatesBeyondLimit(Inflater inflater) {
        try {
            long total = 0;
            while (!inflater.finished() && total <= MAX_STREAM) {
                int count = inflater.inflate(sink);
                if (count == 0) {
                    return false;
                }
                total += count;
            }
            return total > MAX_STREAM;
        } catch (DataFormatException e) {
            // Not deflated, or broken: PDFBox decides which.
            return false;
        }
    }

    /** Finds the start of the data of a stream whose keyword is here; -1 if there is none. */
    private int dataAfterKeyword(int position) {
        for (int i = 0; i < KEYWORD.length; i++) {
            if (pdf[position + i] != KEYWORD[i]) {
                return -1;
            }
        }
        int data = position + KEYWORD.length;
        if (pdf[data] == '\r') {
            data++;
        }
        return pdf[data] == '\n' ? data + 1 : data == position + KEYWORD.length ? -1 : data;
    }
}
