package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErasureReceipt;
import io.memos4j.api.ErasureReceipt.Probe;
import io.memos4j.api.ErasureReceipt.Verification;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.server.http.BoundedJson;
import io.memos4j.server.http.JsonBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Renders and parses receipts of erasures, for the native API and the command line. */
public final class ErasureJson {
    private ErasureJson() {}

    /** Renders a receipt; the cube has the engine's name, which is signed. */
    public static Map<String, Object> receipt(ErasureReceipt receipt) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", receipt.id());
        json.put("cube", receipt.cube().toString());
        json.put("selection", receipt.selection());
        json.put("at", receipt.at().toString());
        json.put("items", ApiJson.ids(receipt.items()));
        json.put("derived", ApiJson.ids(receipt.derived()));
        json.put("versions", receipt.versions());
        json.put("adapters", AdapterJson.ids(receipt.adapters()));
        json.put("complete", receipt.isComplete());
        json.put("places", receipt.places());
        json.put("remaining", receipt.remaining());
        json.put("out_of_reach", ErasureReceipt.OUT_OF_REACH);
        json.put("probes", receipt.probes().stream().map(ErasureJson::probe).toList());
        json.put("unprobed", receipt.unprobed());
        json.put("salt", receipt.salt());
        json.put("public_key", receipt.publicKey());
        json.put("signature", receipt.signature());
        return json;
    }

    private static Map<String, Object> probe(Probe probe) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hash", Long.toHexString(probe.hash()));
        json.put("length", probe.length());
        json.put("digest", probe.digest());
        return json;
    }

    /** Renders a verification. */
    public static Map<String, Object> verification(Verification found) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("proven", found.isProven());
        json.put("signed", found.signed());
        json.put("own", found.own());
        json.put("files", found.files());
        json.put("bytes", found.bytes());
        json.put("found", found.found());
        return json;
    }

    /**
     * Parses a receipt as {@link #receipt} renders it.
     *
     * @throws MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT}
     */
    public static ErasureReceipt parse(byte[] json) {
        return parse(JsonBody.of(BoundedJson.read(json), ""));
    }

    static ErasureReceipt parse(JsonBody body) {
        // What is computed from other fields is signed with them.
        body.flag("complete", true);
        body.optionalText("out_of_reach");
        ErasureReceipt receipt = new ErasureReceipt(
                body.text("id"),
                CubeId.of(body.text("cube")),
                body.text("selection"),
                body.instant("at").orElseThrow(() -> missing("at")),
                ids(body, "items"),
                ids(body, "derived"),
                body.integer("versions", 0, 0, Integer.MAX_VALUE),
                body.texts("adapters").stream().map(AdapterId::parse).toList(),
                body.texts("places"),
                body.texts("remaining"),
                body.objects("probes").stream().map(ErasureJson::parseProbe).toList(),
                body.integer("unprobed", 0, 0, Integer.MAX_VALUE),
                body.text("salt"),
                body.text("public_key"),
                body.text("signature"));
        body.rejectUnknownFields();
        return receipt;
    }

    private static List<ItemId> ids(JsonBody body, String field) {
        return body.texts(field).stream().map(ItemId::parse).toList();
    }

    private static Probe parseProbe(JsonBody body) {
        try {
            long hash = Long.parseUnsignedLong(body.text("hash"), 16);
            Probe probe = new Probe(hash, body.integer("length", 1, 1, 1_000), body.text("digest"));
            body.rejectUnknownFields();
            return probe;
        } catch (NumberFormatException e) {
            throw MemoryException.invalid("Field '" + body.place("hash") + "' must be a hexadecimal number.");
        }
    }

    private static MemoryException missing(String field) {
        return MemoryException.invalid("Field '" + field + "' is missing. Send a receipt as it was issued.");
    }
}
