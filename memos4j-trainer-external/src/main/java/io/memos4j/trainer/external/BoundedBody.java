package io.memos4j.trainer.external;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** The body of an answer, which breaks off when it grows longer than it may. */
final class BoundedBody implements BodySubscriber<byte[]> {
    /** A body was too long. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(long most) {
            super("more than " + most + " bytes");
        }
    }

    private final BodySubscriber<byte[]> into;
    private final long most;
    private final AtomicLong came;
    private Flow.Subscription subscription = new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };
    private boolean broken;

    /**
     * A body.
     *
     * @param came counts what has come
     */
    BoundedBody(BodySubscriber<byte[]> into, long most, AtomicLong came) {
        this.into = into;
        this.most = most;
        this.came = came;
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription = opened;
        into.onSubscribe(opened);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (broken) {
            return;
        }
        long bytes = buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        if (came.addAndGet(bytes) > most) {
            broken = true;
            subscription.cancel();
            into.onError(new TooLong(most));
        } else {
            into.onNext(buffers);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (!broken) {
            into.onError(failure);
        }
    }

    @Override
    public void onComplete() {
        if (!broken) {
            into.onComplete();
        }
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return into.getBody();
    }
}
