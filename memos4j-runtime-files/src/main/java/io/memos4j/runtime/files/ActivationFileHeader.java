package io.memos4j.runtime.files;

import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.spi.runtime.ModelShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The header of a saved activation: its manifest and the tokens, in the order of {@link #bytes}. Part of format 1 of
 * {@link ActivationFile}, which never changes.
 */
record ActivationFileHeader(ActivationManifest manifest, int[] tokens) {
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            ModelIdentity model = manifest.model();
            out.writeUTF(model.fileHash());
            out.writeUTF(model.architecture());
            out.writeUTF(model.quantization());
            out.writeUTF(model.tokenizerHash());
            out.writeUTF(model.templateHash());
            out.writeInt(model.shape().contextLength());
            out.writeInt(model.shape().vocabulary());
            out.writeInt(model.shape().layers());
            out.writeInt(model.shape().cacheHeads());
            out.writeInt(model.shape().keyWidth());
            out.writeInt(model.shape().valueWidth());
            out.writeUTF(manifest.caches().keys().name());
            out.writeUTF(manifest.caches().values().name());
            out.writeUTF(manifest.runtime());
            out.writeUTF(manifest.tokensHash());
            out.writeLong(manifest.stateBytes());
            out.writeInt(tokens.length);
            for (int token : tokens) {
                out.writeInt(token);
            }
        } catch (IOException e) {
            throw new AssertionError("Writing to memory does not fail.", e);
        }
        return bytes.toByteArray();
    }

    /** Reads a header that {@link #bytes} wrote, or refuses it. */
    static ActivationFileHeader read(Path file, ByteBuffer head) {
        byte[] bytes = new byte[head.remaining()];
        head.get(bytes);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            ModelIdentity model = new ModelIdentity(
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    new ModelShape(in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt()));
            KvCacheTypes caches =
                    new KvCacheTypes(KvCacheType.valueOf(in.readUTF()), KvCacheType.valueOf(in.readUTF()));
            String runtime = in.readUTF();
            String hash = in.readUTF();
            long stateBytes = in.readLong();
            int[] tokens = tokens(in);
            if (stateBytes < 0
                    || tokens.length == 0
                    || !ActivationManifest.hashOf(tokens).equals(hash)) {
                throw ActivationFile.corrupt(file, "its tokens are not those that its manifest names");
            }
            return new ActivationFileHeader(
                    new ActivationManifest(model, caches, runtime, tokens.length, hash, stateBytes), tokens);
        } catch (IOException | IllegalArgumentException e) {
            throw ActivationFile.corrupt(file, "its header cannot be read (" + e.getMessage() + ")");
        }
    }

    private static int[] tokens(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count != in.available() / Integer.BYTES) {
            throw new IOException(count + " tokens in " + in.available() + " bytes");
        }
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = in.readInt();
        }
        return tokens;
    }
}
