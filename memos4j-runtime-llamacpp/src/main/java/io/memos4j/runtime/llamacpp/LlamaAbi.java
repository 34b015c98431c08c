package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * The by-value structs of llama.cpp, as {@code llama.h} of build 4916 has them.
 *
 * <p>C libraries do not describe their layout, and a wrong one corrupts memory. So the library first writes its
 * defaults into a buffer that is larger than any of its structs and filled with a marker: every field must have the
 * default of this build, and no byte after the struct may have changed. A build that moved, added or redefined a field
 * fails one of the two checks.
 */
final class LlamaAbi {
    static final int BUILD = 4_916;

    static final StructLayout MODEL = MemoryLayout.structLayout(
            ADDRESS.withName("devices"),
            JAVA_INT.withName("n_gpu_layers"),
            JAVA_INT.withName("split_mode"),
            JAVA_INT.withName("main_gpu"),
            paddingLayout(4),
            ADDRESS.withName("tensor_split"),
            ADDRESS.withName("progress_callback"),
            ADDRESS.withName("progress_callback_user_data"),
            ADDRESS.withName("kv_overrides"),
            JAVA_BOOLEAN.withName("vocab_only"),
            JAVA_BOOLEAN.withName("use_mmap"),
            JAVA_BOOLEAN.withName("use_mlock"),
            JAVA_BOOLEAN.withName("check_tensors"),
            paddingLayout(4));

    static final StructLayout CONTEXT = MemoryLayout.structLayout(
            JAVA_INT.withName("n_ctx"),
            JAVA_INT.withName("n_batch"),
            JAVA_INT.withName("n_ubatch"),
            JAVA_INT.withName("n_seq_max"),
            JAVA_INT.withName("n_threads"),
            JAVA_INT.withName("n_threads_batch"),
            JAVA_INT.withName("rope_scaling_type"),
            JAVA_INT.withName("pooling_type"),
            JAVA_INT.withName("attention_type"),
            JAVA_FLOAT.withName("rope_freq_base"),
            JAVA_FLOAT.withName("rope_freq_scale"),
            JAVA_FLOAT.withName("yarn_ext_factor"),
            JAVA_FLOAT.withName("yarn_attn_factor"),
            JAVA_FLOAT.withName("yarn_beta_fast"),
            JAVA_FLOAT.withName("yarn_beta_slow"),
            JAVA_INT.withName("yarn_orig_ctx"),
            JAVA_FLOAT.withName("defrag_thold"),
            paddingLayout(4),
            ADDRESS.withName("cb_eval"),
            ADDRESS.withName("cb_eval_user_data"),
            JAVA_INT.withName("type_k"),
            JAVA_INT.withName("type_v"),
            JAVA_BOOLEAN.withName("logits_all"),
            JAVA_BOOLEAN.withName("embeddings"),
            JAVA_BOOLEAN.withName("offload_kqv"),
            JAVA_BOOLEAN.withName("flash_attn"),
            JAVA_BOOLEAN.withName("no_perf"),
            paddingLayout(3),
            ADDRESS.withName("abort_callback"),
            ADDRESS.withName("abort_callback_data"));

    static final StructLayout BATCH = MemoryLayout.structLayout(
            JAVA_INT.withName("n_tokens"),
            paddingLayout(4),
            ADDRESS.withName("token"),
            ADDRESS.withName("embd"),
            ADDRESS.withName("pos"),
            ADDRESS.withName("n_seq_id"),
            ADDRESS.withName("seq_id"),
            ADDRESS.withName("logits"));

    static final StructLayout SAMPLER_CHAIN = MemoryLayout.structLayout(JAVA_BOOLEAN.withName("no_perf"));

    /** Larger than the structs of any build so far. */
    static final StructLayout ROOM = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(64, ValueLayout.JAVA_LONG));

    static final byte MARK = 0x5A;

    private static final List<Object> MODEL_DEFAULTS = List.of(0L, 0, 1, 0, 0L, 0L, 0L, 0L, false, true, false, false);
    private static final List<Object> CONTEXT_DEFAULTS = List.of(
            512, 2_048, 512, 1, 4, 4, -1, -1, -1, 0f, 0f, -1f, 1f, 32f, 1f, 0, -1f, 0L, 0L, 1, 1, false, false, true,
            false, true, 0L, 0L);

    private LlamaAbi() {}

    /**
     * Refuses a library whose defaults, in buffers of {@link #ROOM} filled with {@link #MARK}, are not those of this
     * build.
     */
    static void verify(MemorySegment model, MemorySegment context) {
        verify("llama_model_params", MODEL, model, MODEL_DEFAULTS);
        verify("llama_context_params", CONTEXT, context, CONTEXT_DEFAULTS);
    }

    private static void verify(String name, StructLayout struct, MemorySegment actual, List<Object> defaults) {
        boolean beyond = actual.asSlice(struct.byteSize())
                .elements(ValueLayout.JAVA_BYTE)
                .anyMatch(b -> {
                    return b.get(ValueLayout.JAVA_BYTE, 0) != MARK;
                });
        List<Object> values = beyond ? List.of() : values(struct, actual);
        if (!values.equals(defaults)) {
            throw new MemoryException(
                    ErrorCode.RUNTIME_FAILED,
                    "This is not a libllama that this release knows: its " + name + " is not that of build " + BUILD
                            + ". Use the library that comes with memos4j, or one of that build.");
        }
    }

    private static List<Object> values(StructLayout struct, MemorySegment segment) {
        List<Object> values = new ArrayList<>();
        long offset = 0;
        for (MemoryLayout member : struct.memberLayouts()) {
            if (member instanceof ValueLayout value) {
                Object read = value.varHandle().get(segment, offset);
                values.add(read instanceof MemorySegment pointer ? (Object) pointer.address() : read);
            }
            offset += member.byteSize();
        }
        return values;
    }

    /** The offset of a field. */
    static long offset(StructLayout struct, String field) {
        return struct.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }
}
