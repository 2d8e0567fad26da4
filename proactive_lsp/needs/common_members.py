"""Methods that things of a standard library have too, so that a name alone tells nothing."""

_ECMASCRIPT = """
add all any append apply assign at bind call catch clear close concat copy create delete emit
end entries error every exec fill filter finally find flat flatMap forEach format from get has
includes indexOf info insert join json keys length log map match next now of off on once open
parse pop post push put race read reduce reject remove render replace reset resolve reverse run
send set shift slice some sort splice split start stop stringify test text then toJSON toString
trim update use valueOf values warn write
"""

_GO = """
Add Bytes Close Copy Done Err Error Errorf Fatal Fatalf Get Len Less Lock Log Logf Name Next
Print Printf Println Read Reset Run Scan Seek Set String Swap Unlock Wait Write
"""

_RUST = """
as_ref clear clone cmp contains default drop eq extend find first flush fmt from get get_mut
hash insert into is_empty iter join keys last len lock map new next open parse pop push read
remove replace send sort split take to_string trim unwrap values write
"""

_JAVA = """
accept add addAll append apply charAt clear close compareTo contains equals filter forEach
format get getName hashCode indexOf isEmpty iterator join length map next of parse print println
put read remove replace run set size sort split start stop stream substring test toString trim
valueOf write
"""

ECMASCRIPT = frozenset(_ECMASCRIPT.split())
GO = frozenset(_GO.split())
RUST = frozenset(_RUST.split())
JAVA = frozenset(_JAVA.split())
