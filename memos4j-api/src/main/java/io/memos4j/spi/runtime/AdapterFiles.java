package io.memos4j.spi.runtime;

import java.nio.file.Path;

/**
 * An adapter on disk in both layouts; which one is read is the runtime's choice.
 *
 * @param hash SHA-256 of the GGUF file in lower-case hexadecimal
 * @param gguf a GGUF file as {@code convert_lora_to_gguf.py} of llama.cpp writes it
 * @param peft a folder with {@code adapter_config.json} and {@code adapter_model.safetensors}
 */
public record AdapterFiles(String hash, Path gguf, Path peft) {}
