package io.memos4j.modelfiles;

/** The matrices of a layer that an adapter may change. */
public enum Projection {
    QUERY("self_attn.q_proj", "attn_q"),
    KEY("self_attn.k_proj", "attn_k"),
    VALUE("self_attn.v_proj", "attn_v"),
    OUTPUT("self_attn.o_proj", "attn_output"),
    GATE("mlp.gate_proj", "ffn_gate"),
    UP("mlp.up_proj", "ffn_up"),
    DOWN("mlp.down_proj", "ffn_down");

    private final String module;
    private final String gguf;

    Projection(String module, String gguf) {
        this.module = module;
        this.gguf = gguf;
    }

    /** The module of a layer in Transformers, for example {@code self_attn.q_proj}. */
    public String module() {
        return module;
    }

    /** The name in GGUF files, for example {@code attn_q}. */
    String gguf() {
        return gguf;
    }
}
