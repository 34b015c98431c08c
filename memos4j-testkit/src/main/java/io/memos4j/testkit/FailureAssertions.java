package io.memos4j.testkit;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Asserts that a call fails with an error code and a message. */
public final class FailureAssertions {
    private FailureAssertions() {}

    /**
     * Fails unless the call is refused with this code.
     *
     * @param reasons what the text of the refusal has in it, each of them
     * @return the refusal, for what else is asked of it
     */
    public static AbstractThrowableAssert<?, ? extends Throwable> refused(
            ErrorCode code, ThrowingCallable call, String... reasons) {
        AbstractThrowableAssert<?, ? extends Throwable> refusal = assertThatThrownBy(call)
                .isInstanceOfSatisfying(MemoryException.class, failure -> {
                    if (failure.code() != code) {
                        throw new AssertionError("It failed with " + failure.code() + " instead of " + code, failure);
                    }
                });
        for (String reason : reasons) {
            refusal.hasMessageContaining(reason);
        }
        return refusal;
    }
}
