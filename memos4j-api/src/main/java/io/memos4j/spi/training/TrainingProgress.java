package io.memos4j.spi.training;

/**
 * The state of a training after a step.
 *
 * @param step the step, from 1
 * @param steps how many there will be
 * @param loss mean over the taught tokens of the step, in nats
 * @param tokensPerSecond tokens read, taught or not, for each second since the training began or went on
 */
public record TrainingProgress(int step, int steps, double loss, double tokensPerSecond) {}
