package io.memos4j.spi.training;

import io.memos4j.api.adapters.TrainingRecord;
import java.nio.file.Path;

/**
 * An adapter fresh from training.
 *
 * @param folder in the layout of PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors}
 * @param record how it came to be
 */
public record TrainedAdapter(Path folder, TrainingRecord record) {}
