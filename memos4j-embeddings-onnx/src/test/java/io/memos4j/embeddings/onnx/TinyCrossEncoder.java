package io.memos4j.embeddings.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * A real ONNX model whose logits are sums of token weights: {@code sum over the sequence of table[token] *
 * attention_mask}, multiplied by {@code token_type_ids} if it has that input, so that only the text counts.
 *
 * @param vocabulary rows of the table; a token beyond makes a run fail
 * @param logits columns of the table
 * @param types whether it has the input {@code token_type_ids}
 * @param weights of a token, for each logit; 0 for the others
 */
record TinyCrossEncoder(int vocabulary, int logits, boolean types, Map<Integer, float[]> weights) {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;

    /** The ONNX file; field numbers are those of onnx.proto3. */
    byte[] file() {
        return model(table().bytes(9, rows()));
    }

    /** The ONNX file without its table, which is {@link #rows} in a file of this name beside it. */
    byte[] fileWithTableIn(String name) {
        return model(table().number(14, 1)
                .message(13, new ProtobufWriter().text(1, "location").text(2, name)));
    }

    private byte[] model(ProtobufWriter table) {
        return new ProtobufWriter()
                .number(1, 7)
                .message(7, graph(table))
                .message(8, new ProtobufWriter().text(1, "").number(2, 11))
                .bytes();
    }

    private ProtobufWriter graph(ProtobufWriter table) {
        ProtobufWriter graph = new ProtobufWriter()
                .text(2, "tiny")
                .message(5, table)
                .message(1, node("Gather", "weights", "table", "input_ids").message(5, attribute("axis", 0)))
                .message(11, value("input_ids", INT64, "batch", "sequence"))
                .message(12, value("logits", FLOAT, "batch", logits));
        scaled(graph, "weights", "attention_mask", "attended");
        if (types) {
            scaled(graph, "attended", "token_type_ids", "counted");
        }
        return graph.message(
                1,
                node("ReduceSum", "logits", types ? "counted" : "attended")
                        .message(5, axes(1))
                        .message(5, attribute("keepdims", 0)));
    }

    /** Multiplies each row by the number that an input has for its token. */
    private static void scaled(ProtobufWriter graph, String rows, String input, String product) {
        graph.message(11, value(input, INT64, "batch", "sequence"))
                .message(1, node("Cast", input + "_real", input).message(5, attribute("to", FLOAT)))
                .message(
                        1, node("Unsqueeze", input + "_column", input + "_real").message(5, axes(2)))
                .message(1, node("Mul", product, rows, input + "_column"));
    }

    private ProtobufWriter table() {
        return new ProtobufWriter()
                .number(1, vocabulary)
                .number(1, logits)
                .number(2, FLOAT)
                .text(8, "table");
    }

    /** The content of the table. */
    byte[] rows() {
        ByteBuffer rows = ByteBuffer.allocate(vocabulary * logits * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        weights.forEach((token, values) -> {
            for (int i = 0; i < logits; i++) {
                rows.putFloat((token * logits + i) * Float.BYTES, values[i]);
            }
        });
        return rows.array();
    }

    private static ProtobufWriter node(String operator, String output, String... inputs) {
        ProtobufWriter node = new ProtobufWriter();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(4, operator);
    }

    private static ProtobufWriter attribute(String name, long value) {
        return new ProtobufWriter().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
    }

    private static ProtobufWriter axes(long axis) {
        return new ProtobufWriter().text(1, "axes").number(8, axis).number(20, ATTRIBUTE_INTS);
    }

    private static ProtobufWriter value(String name, int type, Object... sizes) {
        ProtobufWriter shape = new ProtobufWriter();
        for (Object size : sizes) {
            shape.message(
                    1,
                    size instanceof Integer fixed
                            ? new ProtobufWriter().number(1, fixed)
                            : new ProtobufWriter().text(2, size.toString()));
        }
        ProtobufWriter tensor = new ProtobufWriter().number(1, type).message(2, shape);
        return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
    }
}
