-- exchange: a report that is given for a public purpose is an inquiry as any other, which its person sees.

DROP TABLE exchange_view;
