package io.memos4j.index.lucene;

import io.memos4j.api.items.Filter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.lucene.index.FilteredTermsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.util.AttributeSource;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/**
 * Matches terms that begin with a prefix and hold a part after it: a walk over the distinct values of one field or
 * path.
 */
final class SubstringQuery extends MultiTermQuery {
    private final BytesRef prefix;
    private final BytesRef part;

    SubstringQuery(String field, BytesRef prefix, String part) {
        super(field, CONSTANT_SCORE_BLENDED_REWRITE);
        this.prefix = prefix;
        this.part = new BytesRef(part);
    }

    @Override
    protected TermsEnum getTermsEnum(Terms terms, AttributeSource attributes) throws IOException {
        return new Holding(terms.iterator());
    }

    private final class Holding extends FilteredTermsEnum {
        Holding(TermsEnum all) {
            super(all);
            setInitialSeekTerm(prefix);
        }

        @Override
        protected AcceptStatus accept(BytesRef term) {
            if (!StringHelper.startsWith(term, prefix)) {
                return AcceptStatus.END;
            }
            // A longer value ends with a hash in place of what is missing.
            return term.length - prefix.length <= Filter.MAX_SEARCHED_BYTES && holdsPart(term)
                    ? AcceptStatus.YES
                    : AcceptStatus.NO;
        }
    }

    private boolean holdsPart(BytesRef term) {
        int last = term.offset + term.length - part.length;
        for (int at = term.offset + prefix.length; at <= last; at++) {
            if (Arrays.equals(term.bytes, at, at + part.length, part.bytes, part.offset, part.offset + part.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void visit(QueryVisitor visitor) {
        if (visitor.acceptField(field)) {
            visitor.visitLeaf(this);
        }
    }

    @Override
    public String toString(String inField) {
        return field + ":" + prefix.utf8ToString() + "*" + part.utf8ToString() + "*";
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof SubstringQuery that
                && prefix.equals(that.prefix)
                && part.equals(that.part);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), prefix, part);
    }
}
