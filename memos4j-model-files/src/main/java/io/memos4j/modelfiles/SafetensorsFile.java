package io.memos4j.modelfiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file, open for reading.
 *
 * <p>The format is that of <a href="https://github.com/huggingface/safetensors#format">huggingface/safetensors</a>:
 * eight bytes with the length of a JSON text, the text, which gives the type, shape and place of each tensor, and the
 * numbers. As in the reference reader, the tensors must fill the rest of the file without gaps or overlaps. The JSON
 * text may have 16 MiB, enough for about 150,000 tensors; the format allows 100 MB.
 */
public final class SafetensorsFile extends TensorFile {
    static final int LONGEST_HEAD = 1 << 24;

    private final Map<String, String> metadata;

    private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader head) {
        super(path, channel, head.entries());
        this.metadata = head.metadata();
    }

    /** Opens a file and checks its header; {@link io.memos4j.api.ErrorCode#MODEL_UNREADABLE} describes a defect. */
    public static SafetensorsFile open(Path path) {
        return open(path, channel -> new SafetensorsFile(path, channel, head(channel)));
    }

    /** The free-form metadata of the file. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The names of all tensors in the order of the file. */
    public List<String> names() {
        return tensors().stream().map(TensorInfo::name).toList();
    }

    private static SafetensorsHeader head(FileChannel channel) throws IOException, BrokenFileException {
        long size = channel.size();
        if (size < Long.BYTES + 2) {
            throw new BrokenFileException("it is not a safetensors file: " + size + " bytes are too few");
        }
        ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, 0, prefix);
        long length = prefix.getLong();
        if (length < 2 || length > LONGEST_HEAD) {
            throw new BrokenFileException("it is not a safetensors file, or its header is too long: it claims "
                    + Long.toUnsignedString(length) + " bytes of at most " + LONGEST_HEAD);
        }
        if (length > size - Long.BYTES) {
            throw new BrokenFileException(
                    "it is truncated: its header ends at byte " + (Long.BYTES + length) + " of " + size);
        }
        ByteBuffer json = ByteBuffer.allocate((int) length);
        readFully(channel, Long.BYTES, json);
        return SafetensorsHeader.parse(json.array(), size);
    }
}
