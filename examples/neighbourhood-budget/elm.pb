META
key;value
description;Elm ward neighbourhood budget 2026 (made up)
country;United Kingdom
currency;GBP
unit;Elm ward
instance;2026
num_projects;7
num_votes;0
budget;20000
vote_type;approval
max_length;4
PROJECTS
project_id;cost;name
1;9000;New climbing frame on the Green
2;7000;Car park of the village hall resurfaced
3;3000;Benches and a shelter at Mill Lane
4;4500;A safe crossing at Mill Lane
5;3500;Trees along the High Street
6;1500;Tools for the repair cafe
7;2500;Lights for the skate park
VOTES
voter_id;vote
