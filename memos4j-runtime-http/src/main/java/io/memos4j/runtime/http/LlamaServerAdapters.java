package io.memos4j.runtime.http;

import io.memos4j.api.MemoryException;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterSupport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * The adapters that llama-server was started with; it cannot load others while it runs. Thread-safe.
 *
 * <p>An adapter is identified by the path that the server reports: it contains the hash, or names a file on this
 * machine that has the hash. Numbers are looked up again for each call with adapters, since a restarted server may
 * number them differently, and newer builds silently ignore an unknown number.
 *
 * <p>Every request names all adapters, unwanted ones with scale 0: to a request that names none the server applies its
 * global scales.
 */
final class LlamaServerAdapters {
    private static final String ROUTE = "/lora-adapters";
    private static final int MAX_ADAPTERS = 1_024;

    private final InferenceServerClient connection;
    private final Map<FileVersion, String> hashes = new ConcurrentHashMap<>();
    private volatile List<ListedAdapter> listed = List.of();

    private record ListedAdapter(int id, String path) {}

    /** A file with the size and time that it had when it was hashed. */
    private record FileVersion(Path file, long size, FileTime changed) {}

    private LlamaServerAdapters(InferenceServerClient connection) {
        this.connection = connection;
    }

    static LlamaServerAdapters open(InferenceServerClient connection) {
        LlamaServerAdapters adapters = new LlamaServerAdapters(connection);
        adapters.read(new RuntimeCall());
        return adapters;
    }

    /** Tells whether the server has any adapters. */
    boolean hasAdapters() {
        return !listed.isEmpty();
    }

    AdapterSupport support() {
        return hasAdapters() ? new AdapterSupport(listed.size(), true) : AdapterSupport.NONE;
    }

    /** Refuses an adapter that the server was not started with. */
    void load(AdapterFiles adapter, RuntimeCall call) {
        read(call);
        if (find(adapter).isEmpty()) {
            throw RuntimeFailureMapper.unsupported(
                    "llama-server was started without the adapter " + adapter.hash()
                            + ", and cannot load any while it runs.",
                    startHint(adapter));
        }
    }

    /** Builds the adapter scales of a request; empty if the server has no adapters. */
    Optional<ArrayNode> scales(AdapterMix mix, RuntimeCall call) {
        if (!mix.isNone()) {
            read(call);
        }
        Map<Integer, Double> wanted = new HashMap<>();
        for (AdapterMix.Part part : mix.parts()) {
            AdapterFiles adapter = part.adapter().files();
            ListedAdapter found = find(adapter)
                    .orElseThrow(() -> connection.failures().lostAdapter(adapter.hash(), startHint(adapter)));
            wanted.put(found.id, part.scale());
        }
        ArrayNode scales = InferenceJson.MAPPER.createArrayNode();
        listed.forEach(each -> scales.addObject().put("id", each.id).put("scale", wanted.getOrDefault(each.id, 0.0)));
        return scales.isEmpty() ? Optional.empty() : Optional.of(scales);
    }

    private static String startHint(AdapterFiles adapter) {
        return "Start it with --lora " + adapter.gguf() + " --lora-init-without-apply, in addition to the others.";
    }

    private Optional<ListedAdapter> find(AdapterFiles adapter) {
        return listed.stream()
                .filter(each -> each.path.contains(adapter.hash()) || hasHash(each.path, adapter))
                .findFirst();
    }

    /** Tells whether the file is on this machine and has the hash; only a file of the adapter's size is read. */
    private boolean hasHash(String path, AdapterFiles adapter) {
        Optional<Path> here = LlamaServerModel.findLocalFile(path);
        if (here.isEmpty()) {
            return false;
        }
        try {
            Path file = here.get();
            FileVersion version = new FileVersion(file, Files.size(file), Files.getLastModifiedTime(file));
            if (version.size != Files.size(adapter.gguf())) {
                return false;
            }
            String known = hashes.get(version);
            String hash = known == null ? Sha256Hash.of(file) : known;
            hashes.keySet().removeIf(other -> other.file.equals(file) && !other.equals(version));
            hashes.put(version, hash);
            return hash.equals(adapter.hash());
        } catch (IOException e) {
            // A file that cannot be read is not identified as the adapter.
            return false;
        }
    }

    private void read(RuntimeCall call) {
        JsonNode answer = connection.find(ROUTE, call).orElseGet(InferenceJson.MAPPER::createArrayNode);
        List<ListedAdapter> read = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        if (!answer.isArray() || answer.size() > MAX_ADAPTERS) {
            throw broken("it is not a list of at most " + MAX_ADAPTERS + " adapters");
        }
        for (JsonNode each : answer) {
            JsonNode id = each.path("id");
            if (!id.isInt()
                    || id.asInt() < 0
                    || !ids.add(id.asInt())
                    || !each.path("path").isString()) {
                throw broken("an adapter has no number of its own or no path");
            }
            read.add(new ListedAdapter(id.asInt(), InferenceJson.text(each, "path")));
        }
        listed = List.copyOf(read);
    }

    private MemoryException broken(String what) {
        return connection.failures().unusableAnswer(ROUTE, what);
    }
}
