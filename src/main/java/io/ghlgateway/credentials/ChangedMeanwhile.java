package io.ghlgateway.credentials;

import java.util.Locale;

/** Another operator was first, perhaps at another replica; nothing was changed by this one. */
public final class ChangedMeanwhile extends Exception {

    private static final long serialVersionUID = 1;

    public ChangedMeanwhile(RecordName name) {
        super("the " + name.kind().name().toLowerCase(Locale.ROOT) + " '" + name.id()
                + "' was changed by somebody else meanwhile, and not by this; look at it again and repeat what is still to"
                + " be done");
    }
}
