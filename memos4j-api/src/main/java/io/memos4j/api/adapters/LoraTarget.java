package io.memos4j.api.adapters;

/** A matrix of a layer that an adapter may change, under the name that PEFT and Hugging Face give it. */
public enum LoraTarget {
    QUERY("self_attn", "q_proj"),
    KEY("self_attn", "k_proj"),
    VALUE("self_attn", "v_proj"),
    OUTPUT("self_attn", "o_proj"),
    GATE("mlp", "gate_proj"),
    UP("mlp", "up_proj"),
    DOWN("mlp", "down_proj");

    private final String part;
    private final String module;

    LoraTarget(String part, String module) {
        this.part = part;
        this.module = module;
    }

    /** Its name, for example {@code q_proj}. */
    public String module() {
        return module;
    }

    /** Its place in a layer, for example {@code self_attn.q_proj}. */
    public String path() {
        return part + "." + module;
    }
}
